using Practice.Shared.Hosting;

namespace Practice.Users.Email;

/// <summary>Whether mails could be sent: connects, and sends none.</summary>
internal sealed class MailCheck(IEmailSender sender) : IOperatorCheck
{
    public string Name => "mail";

    public Task<string> RunAsync(CancellationToken ct) => sender.CheckAsync(ct);
}
