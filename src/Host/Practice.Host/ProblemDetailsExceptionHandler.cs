using ErrorOr;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Practice.Authorization;
using Practice.Shared.Errors;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;
using Practice.Web;

namespace Practice.Host;

/// <summary>
/// Answers every exception of a request, as problem details or as a page. An exception without its own status is a bug:
/// the caller gets 500 without details, and the log gets one error that names the route.
/// </summary>
internal sealed partial class ProblemDetailsExceptionHandler(ILogger<ProblemDetailsExceptionHandler> log)
    : IExceptionHandler
{
    // The middleware logs nothing about an exception that this handler answers, so everything is logged here.
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken ct)
    {
        var isPage = PracticeWeb.IsPage(http.Request);
        Error? error = exception switch
        {
            AccessDeniedException denied => denied.Error,
            DbUpdateException { InnerException: AccessDeniedException denied } => denied.Error,
            AttemptAbandonedException abandoned => abandoned.Error,
            DbUpdateConcurrencyException => CommonErrors.VersionChanged,
            _ => null,
        };
        if (!isPage && error is { } told)
        {
            await told.ToProblem().ExecuteAsync(http);
            return true;
        }

        var status = exception switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            _ when DatabaseFaults.IsTransient(exception) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (exception.GetBaseException() is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
            LogReadOnly(http.Request.Method, RouteOf(http), exception);
        else if (status == StatusCodes.Status503ServiceUnavailable)
            LogUnavailable(http.Request.Method, RouteOf(http), exception);
        if (status == StatusCodes.Status500InternalServerError)
            ReportBug(http, exception);

        if (isPage)
            await PracticeWeb.WriteStatusAsync(http, status);
        else
            await ProblemResponses.For(status).ExecuteAsync(http);
        return true;
    }

    private void ReportBug(HttpContext http, Exception exception)
    {
        LogFailed(http.Request.Method, RouteOf(http), exception);
        http.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new("error.type", exception.GetType().FullName));
    }

    /// <summary>The pattern, not the path: a path contains ids of patients.</summary>
    private static string RouteOf(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>()?.Endpoint is RouteEndpoint route
            ? $"/{route.RoutePattern.RawText?.TrimStart('/')}"
            : "(no route)";

    [LoggerMessage(LogLevel.Error, "{Method} {Route} failed with an unexpected error; the caller got 500")]
    private partial void LogFailed(string method, string route, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The database is not available; {Method} {Route} was answered with 503")]
    private partial void LogUnavailable(string method, string route, Exception exception);

    /// <summary>No warning: it is also what a read of ours that tries to write looks like.</summary>
    [LoggerMessage(
        LogLevel.Error,
        "The database takes no writes, or this call writes where it may only read; {Method} {Route} was answered with "
            + "503. `check` says which it is."
    )]
    private partial void LogReadOnly(string method, string route, Exception exception);
}
