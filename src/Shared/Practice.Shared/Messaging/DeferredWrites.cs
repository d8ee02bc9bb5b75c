using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Shared.Messaging;

/// <summary>What a call could not write because the database was away, and nobody waits for.</summary>
/// <param name="What">As the log names it.</param>
/// <param name="Otherwise">What happens if it is never written, as a sentence.</param>
/// <param name="Limit">For how long it is tried again.</param>
/// <param name="Write">May be done more than once.</param>
internal sealed record DeferredWrite(
    string What,
    string Otherwise,
    TimeSpan Limit,
    Func<CancellationToken, Task> Write
);

/// <summary>
/// Does such writes once the database is back, one after the other. As the host stops, each is tried once more.
/// </summary>
internal sealed partial class DeferredWrites(ILogger<DeferredWrites> log) : BackgroundService
{
    /// <summary>More are not kept in memory.</summary>
    internal const int MaxWaiting = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<(DeferredWrite Write, long Since)> _waiting = new();
    private bool _stopped;

    public void Add(DeferredWrite write)
    {
        lock (_lock)
        {
            if (!_stopped && _waiting.Count < MaxWaiting)
            {
                _waiting.Enqueue((write, Environment.TickCount64));
                return;
            }
        }

        if (_stopped)
            LogStopped(write.What, write.Otherwise);
        else
            LogNoRoom(write.What, MaxWaiting, write.Otherwise);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (!stoppingToken.IsCancellationRequested && await TryNextAsync(stoppingToken)) { }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        List<DeferredWrite> left;
        lock (_lock)
        {
            _stopped = true;
            left = [.. _waiting.Select(waiting => waiting.Write)];
            _waiting.Clear();
        }

        foreach (var write in left)
        {
            try
            {
                await write.Write(cancellationToken);
            }
            catch (Exception)
            {
                LogStopped(write.What, write.Otherwise);
            }
        }
    }

    /// <returns>
    /// Whether to go on with the next one. The database may still be away after a fault: this one is put last then, so
    /// that it does not hold up the others.
    /// </returns>
    private async Task<bool> TryNextAsync(CancellationToken ct)
    {
        (DeferredWrite Write, long Since) next;
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out next))
                return false;
        }

        try
        {
            await next.Write.Write(ct);
            return true;
        }
        // Whatever the database says: nobody waits for it, and the next try may meet another server.
        catch (Exception fault)
            when (fault is OperationCanceledException or NpgsqlException || DatabaseFaults.IsTransient(fault))
        {
            if (Environment.TickCount64 - next.Since >= next.Write.Limit.TotalMilliseconds)
            {
                LogGivenUp(fault, next.Write.What, (int)next.Write.Limit.TotalSeconds, next.Write.Otherwise);
                return false;
            }

            lock (_lock)
                _waiting.Enqueue(next);
            return false;
        }
        catch (Exception failed)
        {
            LogFailed(failed, next.Write.What, next.Write.Otherwise);
            return true;
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Could not store {What} in {Seconds} s, and gave up. {Otherwise} Check the database."
    )]
    private partial void LogGivenUp(Exception fault, string what, int seconds, string otherwise);

    [LoggerMessage(
        LogLevel.Warning,
        "Could not store {What}: {MaxWaiting} others wait for the database already. {Otherwise} Check the database."
    )]
    private partial void LogNoRoom(string what, int maxWaiting, string otherwise);

    [LoggerMessage(LogLevel.Warning, "Could not store {What} before the host stopped. {Otherwise}")]
    private partial void LogStopped(string what, string otherwise);

    [LoggerMessage(LogLevel.Error, "Could not store {What}. {Otherwise}")]
    private partial void LogFailed(Exception failed, string what, string otherwise);
}
