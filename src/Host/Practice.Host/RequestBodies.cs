using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Practice.Authorization;

namespace Practice.Host;

/// <summary>
/// How much of a body is read, and when. Of strangers nothing but a few kilobytes: a
/// larger body is read once its caller was authorized.
/// </summary>
internal static class RequestBodies
{
    /// <summary>A larger request body gets 413. Only files of patients and of members take more.</summary>
    private const long MaxBytes = 1024 * 1024;

    /// <summary>
    /// Sign-in, sign-up and the like. Calls with a body of this size are
    /// authorized by what they read, in the same round trip.
    /// </summary>
    private const long Small = 16 * 1024;

    /// <summary>What a connection holds of a body that nobody has read yet. Headers must fit in.</summary>
    private const int Unread = 32 * 1024;

    public static void Limit(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = MaxBytes;
        limits.MaxRequestBufferSize = Unread;
        limits.MaxRequestHeadersTotalSize = Unread;
        limits.Http2.InitialStreamWindowSize = Unread * 2; // at least 65,535 bytes
        limits.Http2.InitialConnectionWindowSize = Unread * 4;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));
    }

    /// <summary>After routing, before anything reads the body.</summary>
    public static Task AuthorizeFirstAsync(HttpContext http, RequestDelegate next)
    {
        var call = http.RequestServices.GetRequiredService<CallContext>();
        if (call.Request is not null)
        {
            if (MayBeLarge(http))
                return DemandAsync(http, call, next);
        }
        else if (
            http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null
            && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size
        )
        {
            size.MaxRequestBodySize = Small;
        }

        return next(http);
    }

    private static async Task DemandAsync(HttpContext http, CallContext call, RequestDelegate next)
    {
        await http.RequestServices.GetRequiredService<Authorizer>().DemandAsync(call, http.RequestAborted);
        await next(http);
    }

    private static bool MayBeLarge(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
        && http.Request.ContentLength is null or > Small;
}
