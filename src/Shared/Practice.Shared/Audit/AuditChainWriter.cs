using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Practice.Shared.Audit;

/// <summary>Extends the audit's hash chain within a second of each commit; no request waits for it.</summary>
internal sealed partial class AuditChainWriter(AuditHashChain chain, ILogger<AuditChainWriter> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await chain.ExtendAsync(stoppingToken) > 0) { }

                await Task.Delay(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return; // the start of the host failed
            }
            catch (Exception failed)
            {
                LogFailed(failed);
                await Task.Delay(PauseAfterFailure, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not extend the audit's hash chain; retrying in 5 s.")]
    private partial void LogFailed(Exception failed);
}
