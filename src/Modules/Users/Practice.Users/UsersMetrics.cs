using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Practice.Shared.Hosting;

namespace Practice.Users;

/// <summary>
/// What the module counts, each from zero when the host starts: Prometheus takes the first number that it sees as what
/// was there before, so that an alert about an increase would miss the first burst.
/// </summary>
internal sealed class UsersMetrics : IHostedService
{
    public const string Sent = "sent";
    public const string Failed = "failed";
    public const string Deferred = "deferred";
    public const string Rejected = "rejected";

    public const string ByAccount = "account";
    public const string ByAddress = "address";

    private static readonly Counter<long> Emails = PracticeTelemetry.Meter.CreateCounter<long>(
        "practice.emails",
        "{email}",
        "Emails that the mail server was given, by outcome: sent; failed, or deferred for this recipient, to be tried "
            + "again; rejected for good."
    );

    private static readonly Counter<long> LockOuts = PracticeTelemetry.Meter.CreateCounter<long>(
        "practice.sign_in.lock_outs",
        "{attempt}",
        "Attempts at a password or code that were refused: for the account, or for the address they came from."
    );

    public static void CountEmail(string outcome, long emails = 1) =>
        Emails.Add(emails, new KeyValuePair<string, object?>("outcome", outcome));

    public static void CountLockOut(string by, long attempts = 1) =>
        LockOuts.Add(attempts, new KeyValuePair<string, object?>("by", by));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var outcome in (string[])[Sent, Failed, Deferred, Rejected])
            CountEmail(outcome, 0);
        foreach (var by in (string[])[ByAccount, ByAddress])
            CountLockOut(by, 0);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
