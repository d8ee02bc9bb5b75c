using Practice.Shared.Fhir;
using Practice.Web;
using Scalar.AspNetCore;

namespace Practice.Host;

/// <summary>Security and cache headers of every response.</summary>
internal static class SecurityHeaders
{
    private const string ReferrerPolicy = "Referrer-Policy";
    private const string CrossOriginOpenerPolicy = "Cross-Origin-Opener-Policy";
    private const string CrossOriginResourcePolicy = "Cross-Origin-Resource-Policy";
    private const string PermissionsPolicy = "Permissions-Policy";

    /// <summary>Pages load everything from this origin, and run no inline script.</summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>The page of the API document brings a script of its own, and writes its styles while it runs.</summary>
    private static string DocsPolicy(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Anything else loads and runs nothing, even when a browser opens it as a page.</summary>
    private const string NoPagePolicy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers when the response starts, because the exception handler clears earlier ones.</summary>
    public static Task AddAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers[ReferrerPolicy] = "no-referrer";
            headers[CrossOriginResourcePolicy] = "same-origin";
            if (http.Request.IsHttps && http.Request.Host.Host != "localhost")
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            if (IsFile(http))
            {
                if (http.Response.ContentType == "image/svg+xml") // the only kind of file that can contain script
                    headers.ContentSecurityPolicy = NoPagePolicy;
                if (headers.CacheControl.ToString().Contains("immutable", StringComparison.Ordinal))
                    (headers.ETag, headers.LastModified) = (default, default); // nobody asks whether it has changed
                return Task.CompletedTask; // files need no more, and a test limits the bytes of a first visit
            }

            headers[CrossOriginOpenerPolicy] = "same-origin";
            headers[PermissionsPolicy] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (
                http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                || FhirRoutes.IsFhir(http.Request)
            )
            {
                headers.CacheControl = "no-store";
                headers.ContentSecurityPolicy = NoPagePolicy;
            }
            else if (!PracticeWeb.IsApi(http.Request.Path))
            {
                headers.CacheControl = "no-store"; // pages contain personal data
                headers.ContentSecurityPolicy = PagePolicy;
            }
            else
            {
                headers.ContentSecurityPolicy = http.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce
                    ? DocsPolicy(nonce)
                    : NoPagePolicy;
            }

            return Task.CompletedTask;
        });
        return next(http);
    }

    /// <summary>A static file of the front end. Its name contains a hash, so browsers may cache it.</summary>
    private static bool IsFile(HttpContext http) =>
        !PracticeWeb.IsApi(http.Request.Path)
        && http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == false;
}
