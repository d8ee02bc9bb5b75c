using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Practice.Shared.Persistence;

namespace Practice.Shared.Idempotency;

/// <summary>
/// Deletes each hour the kept answers that are older than a day. A person's next call with a key deletes their own;
/// those of a person who makes no more calls would stay.
/// </summary>
internal sealed partial class ExpiredAnswersCleanup(PracticeDatabase database, ILogger<ExpiredAnswersCleanup> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Nobody waits for it, and what it does not get done would be more in an hour.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Row-level security lets it delete what is older than a day, and nothing else.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var delete = database
            .For(PracticeDatabase.MessagingSchema)
            .CreateCommand("delete from idempotency.calls");
        delete.CommandTimeout = (int)Longest.TotalSeconds;
        await delete.ExecuteNonQueryAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception failure)
            {
                if (!stoppingToken.IsCancellationRequested)
                    LogFailure(failure); // thrown on, it would stop the host
            }
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Could not delete kept answers to calls with an Idempotency-Key; retrying in 1 h."
    )]
    private partial void LogFailure(Exception failure);
}
