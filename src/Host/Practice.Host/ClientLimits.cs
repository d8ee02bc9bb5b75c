using System.Globalization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Practice.Authorization;

namespace Practice.Host;

/// <summary>
/// Counts an API client's calls by client, on each host for itself, and tells it how many are left
/// (draft-ietf-httpapi-ratelimit-headers-10). Whose token it is says only the database; the host remembers it from the
/// token's first call, which counts like any stranger's until then.
/// </summary>
internal sealed class ClientLimits(IOptions<RateLimiterOptions> limiter, HostSettings settings)
    : IClientCalls,
        IDisposable
{
    /// <summary>About 20 MB.</summary>
    private const int MaxTokens = 100_000;

    private const string PolicyHeader = "RateLimit-Policy";
    private const string LimitHeader = "RateLimit";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private readonly MemoryCache _clientOf = new(new MemoryCacheOptions { SizeLimit = MaxTokens });

    /// <summary>Whose call it is; null if it is no client's, or not known to be one's.</summary>
    public Guid? ClientOf(HttpContext http) =>
        _clientOf.Count > 0 && TokenOf(http) is { } token && _clientOf.TryGetValue(token, out Guid client)
            ? client
            : null;

    public void Authorized(HttpContext http, Guid clientId)
    {
        if (settings.RequestsPerMinute == 0 || http.Response.HasStarted || ClientOf(http) is not null)
            return;
        if (TokenOf(http) is not { } token)
            return;
        _clientOf.Set(
            token,
            clientId,
            new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = TokenLifetime, Size = 1 }
        );
        limiter.Value.GlobalLimiter!.AttemptAcquire(http).Dispose();
        Tell(http);
    }

    /// <param name="wait">How long until more calls are answered; null while some are left.</param>
    public void Tell(HttpContext http, TimeSpan? wait = null)
    {
        var left = limiter.Value.GlobalLimiter!.GetStatistics(http)?.CurrentAvailablePermits ?? 0;
        var headers = http.Response.Headers;
        headers[PolicyHeader] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"client\";q={settings.ClientRequestsPerMinute};w={RateLimiting.Window.TotalSeconds}"
        );
        headers[LimitHeader] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"client\";r={left}{(wait is { } time ? $";t={Math.Ceiling(time.TotalSeconds)}" : "")}"
        );
    }

    public void Dispose() => _clientOf.Dispose();

    private static string? TokenOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<CallContext>().Request?.TokenHash;
}
