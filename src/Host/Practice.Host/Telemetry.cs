using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Practice.Host;

/// <summary>
/// Metrics and traces of the web server, the database and messaging. They go to a collector; without one nothing is
/// registered.
/// </summary>
internal static class Telemetry
{
    private const string CollectorKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration[CollectorKey]))
            return;
        services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("practice"))
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddNpgsqlInstrumentation()
                    .AddMeter("System.Runtime", "Wolverine:*")
                    .AddOtlpExporter()
            )
            .WithTracing(traces =>
                traces.AddAspNetCoreInstrumentation().AddNpgsql().AddSource("Wolverine").AddOtlpExporter()
            );
    }
}
