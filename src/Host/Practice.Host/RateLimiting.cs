using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Practice.Host.FrontEnd;

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
                        ClientAddress(http),
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

    /// <summary>An IPv6 customer usually has a whole /64, so it counts as one address.</summary>
    private static IPAddress ClientAddress(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
