using Microsoft.Extensions.DependencyInjection;
using Practice.Shared.Hosting;

namespace Practice.Users.Email;

/// <summary>
/// Whether mails could be sent: connects, and sends none. Settings that are wrong have no sender, and are said then.
/// </summary>
internal sealed class MailCheck(IServiceProvider services) : IOperatorCheck
{
    public string Name => "mail";

    public Task<string> RunAsync(long leastFreeBytes, CancellationToken ct) =>
        services.GetRequiredService<IEmailSender>().CheckAsync(ct);
}
