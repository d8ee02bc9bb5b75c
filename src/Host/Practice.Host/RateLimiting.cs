using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Practice.Authorization;
using Practice.Host.FrontEnd;
using Practice.Shared.Http;

namespace Practice.Host;

/// <summary>
/// Limits the requests per minute: of an API client by client, of everyone else by address. Health checks do not count:
/// an orchestrator always gets an answer.
/// </summary>
internal static class RateLimiting
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void AddRateLimiting(this IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<ClientLimits>();
        services.AddSingleton<IClientCalls>(provider => provider.GetRequiredService<ClientLimits>());
        services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Counted>(http =>
            {
                if (FrontEndCalls.Made(http.Request))
                    return RateLimitPartition.GetNoLimiter(new Counted(null, null));
                return http.RequestServices.GetRequiredService<ClientLimits>().ClientOf(http) is { } client
                    ? PerMinute(new Counted(client, null), settings.ClientRequestsPerMinute)
                    : PerMinute(new Counted(null, ClientAddress.Of(http)), settings.RequestsPerMinute);
            });
            limiter.OnRejected = async (rejected, _) =>
            {
                var (http, wait) = (
                    rejected.HttpContext,
                    rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window
                );
                http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds)
                    .ToString(CultureInfo.InvariantCulture);
                var clients = http.RequestServices.GetRequiredService<ClientLimits>();
                if (clients.ClientOf(http) is not null)
                    clients.Tell(http, wait);
                await ProblemResponses.For(StatusCodes.Status429TooManyRequests).ExecuteAsync(http);
            };
        });
    }

    public static void UseRateLimiting(this WebApplication app, int perMinute)
    {
        if (perMinute == 0)
            return;
        app.UseRateLimiter();
        app.Use(TellClientAsync);
    }

    private static Task TellClientAsync(HttpContext http, RequestDelegate next)
    {
        var clients = http.RequestServices.GetRequiredService<ClientLimits>();
        if (clients.ClientOf(http) is not null)
            clients.Tell(http);
        return next(http);
    }

    private static RateLimitPartition<Counted> PerMinute(Counted counted, int limit) =>
        RateLimitPartition.GetFixedWindowLimiter(counted, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = limit,
            Window = Window,
        });

    /// <summary>By what a call is counted: one of the two.</summary>
    private readonly record struct Counted(Guid? Client, IPAddress? Address);
}
