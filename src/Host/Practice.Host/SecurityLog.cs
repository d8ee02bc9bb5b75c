using Microsoft.AspNetCore.Diagnostics;
using Practice.Shared.Http;

namespace Practice.Host;

/// <summary>
/// One line for each call that was denied for who the caller is, or for how often they call: what an operator looks
/// for after an attack. It names the route and no path, since paths hold ids.
/// </summary>
internal static partial class SecurityLog
{
    public static async Task WriteAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (
            http.Response.StatusCode
            is not (
                StatusCodes.Status401Unauthorized
                or StatusCodes.Status403Forbidden
                or StatusCodes.Status429TooManyRequests
            )
        )
            return;

        // The exception handler, which answers most of them, forgets the endpoint.
        var endpoint = http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        LogDenied(
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SecurityLog)),
            http.Response.StatusCode,
            http.Request.Method,
            (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown route",
            ClientAddress.Of(http)
        );
    }

    [LoggerMessage(LogLevel.Information, "Denied with {Status}: {Method} {Route} from {Address}")]
    private static partial void LogDenied(
        ILogger log,
        int status,
        string method,
        string route,
        System.Net.IPAddress address
    );
}
