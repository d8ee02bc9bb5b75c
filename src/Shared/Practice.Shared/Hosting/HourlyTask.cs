using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Practice.Shared.Hosting;

/// <summary>Does something every hour. A failure is logged, and the next hour tries again.</summary>
/// <param name="atStart">Whether the first time is now.</param>
public abstract class HourlyTask(TimeProvider clock, bool atStart = false) : BackgroundService
{
    protected static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected TimeProvider Clock { get; } = clock;

    public abstract Task RunAsync(CancellationToken ct);

    /// <summary>Logs it. Thrown on, it would stop the host.</summary>
    protected abstract void OnFailure(Exception failure);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        try
        {
            if (atStart)
                await TryAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops. After a failed start it would log this as an error.
        }
    }

    private async Task TryAsync(CancellationToken stoppingToken)
    {
        // The lines of one run have one trace id in the log, also where nobody collects traces.
        using var run = PracticeTelemetry.Traces.StartActivity(GetType().Name) ?? new Activity(GetType().Name).Start();
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            OnFailure(failure);
        }
    }
}
