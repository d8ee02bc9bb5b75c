using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Practice.Shared.Audit;

/// <summary>Extends the audit's hash chain within a second of each commit; no request waits for it.</summary>
internal sealed partial class AuditChainWriter(AuditHashChain chain, TimeProvider clock, ILogger<AuditChainWriter> log)
    : BackgroundService
{
    /// <summary>Between two lines with the head in the log, if the chain has grown.</summary>
    private static readonly TimeSpan HeadInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset? shown = null;
        var grown = false; // since the head was shown
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await chain.ExtendAsync(stoppingToken) > 0)
                    grown = true;
                if (grown && (shown is null || clock.GetUtcNow() - shown >= HeadInterval))
                {
                    LogHead(await chain.HeadAsync(stoppingToken));
                    (shown, grown) = (clock.GetUtcNow(), false);
                }

                await Task.Delay(Pause, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return; // also where the start of the host failed
            }
            catch (Exception failed)
            {
                LogFailed(failed);
                await Task.Delay(PauseAfterFailure, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(
        LogLevel.Information,
        "The audit's head is {Head}. Keep it: `verify-audit` with Audit:Head={Head} finds out if entries before "
            + "it are cut off."
    )]
    private partial void LogHead(AuditHead? head);

    [LoggerMessage(LogLevel.Warning, "Could not extend the audit's hash chain; retrying in 5 s.")]
    private partial void LogFailed(Exception failed);
}
