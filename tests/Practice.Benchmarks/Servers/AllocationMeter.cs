using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Practice.Benchmarks.Servers;

/// <summary>
/// Adds up the bytes that another .NET process allocates, as its runtime reports them by and by: the counter
/// <c>alloc-rate</c> of <c>System.Runtime</c>, which is the growth of all bytes allocated.
/// </summary>
internal sealed class AllocationMeter : IDisposable
{
    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _source;
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private TaskCompletionSource _reported = NewSignal();
    private double _bytes;

    private AllocationMeter(EventPipeSession session)
    {
        _session = session;
        _source = new EventPipeEventSource(session.EventStream);
        _source.Dynamic.All += Read;
        _reading = Task.Run(_source.Process);
    }

    public static AllocationMeter Of(int processId) =>
        new(
            new DiagnosticsClient(processId).StartEventPipeSession(
                new EventPipeProvider(
                    "System.Runtime",
                    EventLevel.Informational,
                    arguments: new Dictionary<string, string> { ["EventCounterIntervalSec"] = "0.2" }
                ),
                requestRundown: false
            )
        );

    /// <summary>All bytes until the next report: what was allocated before this call is in it.</summary>
    public async Task<double> ReadAsync()
    {
        for (var report = 0; report < 2; report++) // the first may be under way already
        {
            Task reported;
            lock (_lock)
                reported = _reported.Task;
            await reported.WaitAsync(TimeSpan.FromSeconds(30));
        }
        lock (_lock)
            return _bytes;
    }

    public void Dispose()
    {
        _session.Stop();
        _reading.Wait(TimeSpan.FromSeconds(10));
        _source.Dispose();
        _session.Dispose();
    }

    private void Read(TraceEvent happened)
    {
        if (
            happened.EventName != "EventCounters"
            || happened.PayloadByName("") is not IDictionary<string, object> outer
            || outer["Payload"] is not IDictionary<string, object> counter
            || counter["Name"] is not "alloc-rate"
        )
            return;
        lock (_lock)
        {
            _bytes += Convert.ToDouble(counter["Increment"], System.Globalization.CultureInfo.InvariantCulture);
            _reported.SetResult();
            _reported = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
