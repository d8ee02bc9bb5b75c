using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Practice.Shared.Errors;
using Practice.Web;

namespace Practice.Host;

/// <summary>Problem details with a stable code for errors that no slice has answered.</summary>
internal static class ProblemResponses
{
    private const string RetryAfterSeconds = "5";

    public static void Customize(ProblemDetailsOptions options) =>
        options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            problem.Extensions["traceId"] = TraceId ?? context.HttpContext.TraceIdentifier;
            problem.Extensions.TryAdd("code", CodeOf(problem.Status));
            if (problem.Status == StatusCodes.Status503ServiceUnavailable)
                context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        };

    /// <summary>A page if a browser asked for one, otherwise problem details.</summary>
    public static Task WriteAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        return PracticeWeb.IsPage(http.Request)
            ? PracticeWeb.WriteStatusAsync(http, http.Response.StatusCode)
            : For(http.Response.StatusCode).ExecuteAsync(http);
    }

    public static IResult For(int status) =>
        Microsoft.AspNetCore.Http.Results.Problem(
            statusCode: status,
            title: ReasonPhrases.GetReasonPhrase(status),
            detail: DetailOf(status),
            // Customize is not called if the client does not accept JSON.
            extensions: new Dictionary<string, object?> { ["traceId"] = TraceId, ["code"] = CodeOf(status) }
        );

    private static string? TraceId => Activity.Current?.TraceId.ToString();

    public static string CodeOf(int? status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "request.invalid",
            StatusCodes.Status404NotFound => CommonErrors.NotFound.Code,
            StatusCodes.Status405MethodNotAllowed => "request.method_not_allowed",
            StatusCodes.Status406NotAcceptable => "request.not_acceptable",
            StatusCodes.Status413PayloadTooLarge => "request.too_large",
            StatusCodes.Status415UnsupportedMediaType => "request.unsupported_media_type",
            StatusCodes.Status429TooManyRequests => "request.too_many",
            StatusCodes.Status503ServiceUnavailable => CommonErrors.Unavailable.Code,
            _ => "request.failed",
        };

    public static string DetailOf(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "The request is not valid.",
            StatusCodes.Status404NotFound => CommonErrors.NotFound.Description,
            StatusCodes.Status405MethodNotAllowed => "This method is not allowed here. See the Allow header.",
            StatusCodes.Status406NotAcceptable =>
                "FHIR is answered as application/fhir+json of version 4.0. Allow that in Accept, or in _format.",
            StatusCodes.Status413PayloadTooLarge => "The request body is too large.",
            StatusCodes.Status415UnsupportedMediaType =>
                "The call does not take a body of this type: most take application/json.",
            StatusCodes.Status429TooManyRequests =>
                "Too many requests. Try again after the time in the Retry-After header.",
            StatusCodes.Status503ServiceUnavailable => CommonErrors.Unavailable.Description,
            StatusCodes.Status500InternalServerError =>
                "Something went wrong on the server. Try again later. If it fails again, report the traceId.",
            _ => "The request failed.",
        };
}
