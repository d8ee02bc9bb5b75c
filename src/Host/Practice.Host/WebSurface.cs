using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Practice.Authorization;
using Practice.Shared.Errors;
using Practice.Shared.Hosting;
using Practice.Web;

namespace Practice.Host;

/// <summary>What holds for every answer: safe headers, and problem details with a stable code, also where no slice was reached.</summary>
internal static class WebSurface
{
    private const string RetryAfterSeconds = "5";
    private const string ReferrerPolicy = "Referrer-Policy";
    private const string CrossOriginOpenerPolicy = "Cross-Origin-Opener-Policy";
    private const string CrossOriginResourcePolicy = "Cross-Origin-Resource-Policy";
    private const string PermissionsPolicy = "Permissions-Policy";

    /// <summary>Pages take everything from here, and nothing that stands in the page itself is run.</summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>What is no page shows and runs nothing, even where somebody opens it as one.</summary>
    private const string NoPagePolicy = "default-src 'none'; frame-ancestors 'none'";

    public static void CustomizeProblems(ProblemDetailsOptions options) =>
        options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
            problem.Extensions.TryAdd("code", CodeOf(problem.Status));
            if (problem.Status == StatusCodes.Status503ServiceUnavailable)
                context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        };

    /// <summary>As a page where a browser asked for one, else as problem details.</summary>
    public static Task WriteStatus(StatusCodeContext context)
    {
        var http = context.HttpContext;
        return PracticeWeb.IsPage(http.Request)
            ? PracticeWeb.WriteStatusAsync(http, http.Response.StatusCode)
            : ProblemOf(http.Response.StatusCode).ExecuteAsync(http);
    }

    public static IResult ProblemOf(int status) =>
        Microsoft.AspNetCore.Http.Results.Problem(
            statusCode: status,
            title: ReasonPhrases.GetReasonPhrase(status),
            detail: SentenceOf(status)
        );

    /// <summary>Set as the answer begins, because the exception handler clears what was set before.</summary>
    public static Task AddHeaders(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers[ReferrerPolicy] = "no-referrer";
            headers[CrossOriginResourcePolicy] = "same-origin";
            if (IsFile(http))
            {
                if (http.Response.ContentType == "image/svg+xml") // of all files the one kind that could run something where it is opened by itself
                    headers.ContentSecurityPolicy = NoPagePolicy;
                return Task.CompletedTask; // the rest is for pages, and first visits are weighed (tests/weigh-page.sh)
            }

            headers[CrossOriginOpenerPolicy] = "same-origin";
            headers[PermissionsPolicy] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
            {
                headers.CacheControl = "no-store";
                headers.ContentSecurityPolicy = NoPagePolicy;
            }
            else if (!PracticeWeb.IsApi(http.Request.Path))
            {
                headers.CacheControl = "no-store"; // a page shows somebody's data
                headers.ContentSecurityPolicy = PagePolicy;
            }

            return Task.CompletedTask;
        });
        return next(http);
    }

    /// <summary>A file of the front end. It names itself by what it holds and may be kept.</summary>
    private static bool IsFile(HttpContext http) =>
        !PracticeWeb.IsApi(http.Request.Path)
        && http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == false;

    private static string CodeOf(int? status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "request.invalid",
            StatusCodes.Status404NotFound => CommonErrors.NotFound.Code,
            StatusCodes.Status405MethodNotAllowed => "request.method_not_allowed",
            StatusCodes.Status413PayloadTooLarge => "request.too_large",
            StatusCodes.Status415UnsupportedMediaType => "request.unsupported_media_type",
            StatusCodes.Status429TooManyRequests => "request.too_many",
            StatusCodes.Status503ServiceUnavailable => CommonErrors.Unavailable.Code,
            _ => "request.failed",
        };

    private static string SentenceOf(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "The request can't be understood.",
            StatusCodes.Status404NotFound => CommonErrors.NotFound.Description,
            StatusCodes.Status405MethodNotAllowed => "This can't be done here; the Allow header names what can.",
            StatusCodes.Status413PayloadTooLarge => "The body is larger than anything that is expected here.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
            StatusCodes.Status429TooManyRequests =>
                "Too many calls from this address. Try again after the time given in Retry-After.",
            StatusCodes.Status503ServiceUnavailable => CommonErrors.Unavailable.Description,
            _ => "The request could not be answered.",
        };
}

/// <summary>Exceptions that reach the edge: a caller who was not let in, a database that is away, a body that can't be read; the rest is a 500 without details.</summary>
internal sealed partial class UnhandledToProblem(ILogger<UnhandledToProblem> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken ct)
    {
        // An exception that was answered is logged nowhere else; a client must not be the only one to hear of a failing database.
        if (PracticeMessaging.IsTransient(exception))
            LogUnavailable(exception);
        if (PracticeWeb.IsPage(http.Request))
            return await AnswerWithPageAsync(http, exception);

        var answer = exception switch
        {
            AccessDeniedException denied => denied.Error.ToProblem(),
            BadHttpRequestException bad => WebSurface.ProblemOf(bad.StatusCode),
            DbUpdateConcurrencyException => CommonErrors.VersionChanged.ToProblem(),
            _ when PracticeMessaging.IsTransient(exception) => CommonErrors.Unavailable.ToProblem(),
            _ => null,
        };
        if (answer is null)
            return false;

        await answer.ExecuteAsync(http);
        return true;
    }

    private async Task<bool> AnswerWithPageAsync(HttpContext http, Exception exception)
    {
        var status = exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            _ when PracticeMessaging.IsTransient(exception) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (status == StatusCodes.Status500InternalServerError)
            LogPageFailed(exception);
        await PracticeWeb.WriteStatusAsync(http, status);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "A page could not be made.")]
    private partial void LogPageFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The database did not answer; the caller got 503.")]
    private partial void LogUnavailable(Exception exception);
}
