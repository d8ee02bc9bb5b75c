using Practice.Shared.Hosting;

namespace Practice.Users.Email;

/// <summary>
/// Whether mails could be sent: connects, and sends none. Settings that are wrong have no sender, and are said then.
/// </summary>
internal sealed class MailCheck(Func<IEmailSender> sender) : IOperatorCheck
{
    public string Name => "mail";

    public Task<string> RunAsync(long leastFreeBytes, CancellationToken ct) => sender().CheckAsync(ct);
}
