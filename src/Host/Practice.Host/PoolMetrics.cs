using System.Diagnostics.Metrics;
using Practice.Shared.Hosting;

namespace Practice.Host;

/// <summary>
/// Npgsql's connections by pool. With several servers it has a pool for each, all by one name, and OpenTelemetry keeps
/// one of measurements with the same labels, maybe that of a standby. These are of all servers together, instead.
/// </summary>
internal sealed class PoolMetrics : IHostedService, IDisposable
{
    private const string Count = "db.client.connection.count";
    private const string Max = "db.client.connection.max";

    private readonly MeterListener _npgsql = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Instrument, string Labels), Measurement<int>> _values = [];

    public PoolMetrics(IMeterFactory meters)
    {
        _npgsql.InstrumentPublished = (instrument, listener) =>
        {
            if (Replaces(instrument))
                listener.EnableMeasurementEvents(instrument);
        };
        _npgsql.SetMeasurementEventCallback<int>(Add);
        _npgsql.Start();

        var meter = meters.Create(PracticeTelemetry.Name);
        const string Unit = "{connection}";
        meter.CreateObservableUpDownCounter(Count, () => Read(Count), Unit, "Connections that are in use, or idle.");
        // One server takes the writes, and only its pool is used.
        meter.CreateObservableUpDownCounter(Max, () => Read(Max), Unit, "How many there may be to one server.");
    }

    public static bool Replaces(Instrument instrument) => instrument is { Meter.Name: "Npgsql", Name: Count or Max };

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _npgsql.Dispose();

    private Measurement<int>[] Read(string instrument)
    {
        lock (_lock)
        {
            _values.Clear();
            _npgsql.RecordObservableInstruments();
            return [.. _values.Where(value => value.Key.Instrument == instrument).Select(value => value.Value)];
        }
    }

    private void Add(Instrument instrument, int value, ReadOnlySpan<KeyValuePair<string, object?>> labels, object? _)
    {
        var key = (instrument.Name, string.Join(',', labels.ToArray()));
        var before = _values.GetValueOrDefault(key).Value;
        _values[key] = new(instrument.Name == Max ? Math.Max(before, value) : before + value, labels);
    }
}
