using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry.Metrics;

namespace Practice.Host;

/// <summary>
/// The page that Prometheus reads, on an address of its own (<c>Metrics:Url</c>). A second server, not a route of the
/// first: no header and no proxy rule can make it public.
/// </summary>
internal sealed class MetricsServer(string url, MeterProvider metrics, ILoggerFactory logging) : IHostedService
{
    public const string Path = "/metrics";

    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Else the working directory, which the user who runs the host may not be able to open.
        var options = new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory };
        var builder = WebApplication.CreateEmptyBuilder(options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton(logging);
        _server = builder.Build();
        _server.Use(DoNotMeasure);
        _server.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, Path, null, null);
        await _server.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>False for calls of the page, which has no place in traces. The product has no such path.</summary>
    public static bool IsNoScrape(HttpContext http) => http.Request.Path != Path;

    private static Task DoNotMeasure(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<IHttpMetricsTagsFeature>() is { } measured)
            measured.MetricsDisabled = true;
        return next(http);
    }
}
