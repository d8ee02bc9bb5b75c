using Microsoft.Extensions.Logging;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;

namespace Practice.Shared.Idempotency;

/// <summary>
/// Deletes each hour the kept answers that are older than a day. A person's next call with a key deletes their own;
/// those of a person who makes no more calls would stay.
/// </summary>
internal sealed partial class ExpiredAnswersCleanup(
    PracticeDatabase database,
    TimeProvider clock,
    ILogger<ExpiredAnswersCleanup> log
) : HourlyTask(clock)
{
    /// <summary>Nobody waits for it, and what it does not get done would be more in an hour.</summary>
    private static readonly TimeSpan MaxDeletionTime = TimeSpan.FromMinutes(10);

    /// <summary>Row-level security lets it delete what is older than a day, and nothing else.</summary>
    public override async Task RunAsync(CancellationToken ct)
    {
        await using var delete = database
            .For(PracticeDatabase.MessagingSchema)
            .CreateCommand("delete from idempotency.calls");
        delete.CommandTimeout = (int)MaxDeletionTime.TotalSeconds;
        await delete.ExecuteNonQueryAsync(ct);
    }

    protected override void OnFailure(Exception failure) => LogFailure(failure);

    [LoggerMessage(
        LogLevel.Warning,
        "Could not delete kept answers to calls with an Idempotency-Key; retrying in 1 h."
    )]
    private partial void LogFailure(Exception failure);
}
