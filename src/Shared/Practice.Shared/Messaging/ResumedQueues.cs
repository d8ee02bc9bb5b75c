using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine.Logging;
using Wolverine.Runtime;
using Wolverine.Transports;

namespace Practice.Shared.Messaging;

/// <summary>
/// While a queue is paused after a fault, messages that are committed for it belong to this host, but it does not read
/// them again before it restarts. When the queue resumes it holds no message, so all are given back here, and Wolverine
/// takes them up with its next look at the database, within 5 seconds (docs/adr/0047).
/// </summary>
internal sealed partial class ResumedQueues(IWolverineRuntime runtime, ILogger<ResumedQueues> log)
    : BackgroundService,
        IObserver<IWolverineEvent>
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<Uri> _resumed = Channel.CreateUnbounded<Uri>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = runtime.Tracker.Subscribe(this);
        await foreach (var queue in _resumed.Reader.ReadAllAsync(stoppingToken))
            while (!await TryReleaseAsync(queue) && !stoppingToken.IsCancellationRequested)
                await Task.Delay(PauseAfterFailure, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    void IObserver<IWolverineEvent>.OnNext(IWolverineEvent value)
    {
        if (
            value is ListenerState { Status: ListeningStatus.Accepting } state
            && state.Uri.Scheme == TransportConstants.Local
        )
            _resumed.Writer.TryWrite(state.Uri);
    }

    void IObserver<IWolverineEvent>.OnCompleted() { }

    void IObserver<IWolverineEvent>.OnError(Exception error) { }

    private async Task<bool> TryReleaseAsync(Uri queue)
    {
        try
        {
            await runtime.Storage.Inbox.ReleaseIncomingAsync(runtime.DurabilitySettings.AssignedNodeNumber, queue);
            return true;
        }
        catch (Exception failed)
        {
            LogFailed(queue, failed);
            return false;
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Could not look for messages that came while the queue {Queue} was paused; retrying in 1 s."
    )]
    private partial void LogFailed(Uri queue, Exception failed);
}
