using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.Enrichment;
using Npgsql;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Practice.Shared.Hosting;

namespace Practice.Host;

/// <summary>
/// Metrics and traces of the web server, the database, messaging and emails. They go to a collector with the log, and
/// metrics to the page of <see cref="MetricsServer"/>; without both nothing is measured.
/// </summary>
internal static class Telemetry
{
    private const string CollectorKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Messaging = "Wolverine";

    public static void AddTelemetry(this WebApplicationBuilder builder, HostSettings settings)
    {
        builder.Logging.EnableEnrichment();
        builder.Services.AddLogEnricher<TraceIdEnricher>();

        var collects = !string.IsNullOrWhiteSpace(builder.Configuration[CollectorKey]);
        if (!collects)
            builder.Services.AddHostedService<MessageTraces>();
        if (!collects && settings.MetricsUrl is null)
            return;

        builder.Services.AddHostedService<QueueMetrics>();
        builder.Services.AddHostedService<PoolMetrics>();
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("practice"))
            .WithMetrics(metrics =>
            {
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddNpgsqlInstrumentation()
                    .AddMeter("System.Runtime", $"{Messaging}:*", PracticeTelemetry.Name)
                    .AddView(one => PoolMetrics.Replaces(one) ? MetricStreamConfiguration.Drop : null);
                if (collects)
                    metrics.AddOtlpExporter();
                if (settings.MetricsUrl is not null)
                    metrics.AddPrometheusExporter();
            });
        if (collects)
            telemetry.WithTracing(traces =>
                traces
                    .AddAspNetCoreInstrumentation(web => web.Filter = MetricsServer.IsNoScrape)
                    .AddNpgsql()
                    .AddSource(Messaging, PracticeTelemetry.Name)
                    .AddOtlpExporter()
            );
        if (collects)
            telemetry.WithLogging(
                logs => logs.AddOtlpExporter(),
                // As on the console: without scopes, which hold paths.
                options => (options.IncludeFormattedMessage, options.IncludeScopes) = (true, false)
            );
        if (settings.MetricsUrl is { } url)
            builder.Services.AddHostedService(services => new MetricsServer(
                url,
                services.GetRequiredService<MeterProvider>(),
                services.GetRequiredService<ILoggerFactory>()
            ));
    }

    /// <summary>
    /// Adds the trace id to each line about a call, or about a message that failed: a problem shows the same id. Scopes
    /// would add the path too, which holds ids of patients.
    /// </summary>
    private sealed class TraceIdEnricher : ILogEnricher
    {
        public void Enrich(IEnrichmentTagCollector collector)
        {
            if (Activity.Current is { } activity)
                collector.Add("TraceId", activity.TraceId.ToString());
        }
    }

    /// <summary>Without a collector nobody else asks for the trace ids of messages, which the log needs.</summary>
    private sealed class MessageTraces : IHostedService, IDisposable
    {
        private readonly ActivityListener _listener = new()
        {
            ShouldListenTo = source => source.Name == Messaging,
            Sample = (ref _) => ActivitySamplingResult.PropagationData,
        };

        public Task StartAsync(CancellationToken cancellationToken)
        {
            ActivitySource.AddActivityListener(_listener);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => _listener.Dispose();
    }
}
