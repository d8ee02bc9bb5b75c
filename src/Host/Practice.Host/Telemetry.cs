using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Practice.Host;

/// <summary>Metrics and traces of web server, database and messaging, sent where a collector is named and costing nothing where none is.</summary>
internal static class Telemetry
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration[Collector]))
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
