using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Practice.Host.FrontEnd;
using Practice.Shared.Http;

namespace Practice.Host;

/// <summary>
/// Limits the requests per minute from one address. Health checks do not count: an orchestrator always gets an answer.
/// </summary>
internal static class RateLimiting
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void AddRateLimiting(this IServiceCollection services, int perMinute) =>
        services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(http =>
                FrontEndCalls.Made(http.Request)
                    ? RateLimitPartition.GetNoLimiter(IPAddress.None)
                    : RateLimitPartition.GetFixedWindowLimiter(
                        ClientAddress.Of(http),
                        _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = Window }
                    )
            );
            limiter.OnRejected = async (rejected, _) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
                rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds)
                    .ToString(CultureInfo.InvariantCulture);
                await ProblemResponses.For(StatusCodes.Status429TooManyRequests).ExecuteAsync(rejected.HttpContext);
            };
        });

    public static void UseRateLimiting(this WebApplication app, int perMinute)
    {
        if (perMinute > 0)
            app.UseRateLimiter();
    }
}
