using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Practice.Shared.Hosting;

/// <summary>
/// What the product itself measures and traces, beside what ASP.NET Core, Npgsql and Wolverine do. The names are in
/// <c>deploy/grafana</c> and <c>deploy/prometheus</c>, and a test compares them.
/// </summary>
public static class PracticeTelemetry
{
    /// <summary>The name of the meter and of the source of traces.</summary>
    public const string Name = "Practice";

    public static ActivitySource Traces { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);
}
