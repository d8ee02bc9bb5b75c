using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Practice.Shared.Errors;
using Practice.Shared.Hosting;

namespace Practice.Host;

/// <summary>What holds for every answer: problem details with a stable code, also where no slice was reached.</summary>
internal static class WebSurface
{
    public static void CustomizeProblems(ProblemDetailsOptions options) => options.CustomizeProblemDetails = context =>
    {
        var problem = context.ProblemDetails;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        problem.Extensions.TryAdd("code", CodeOf(problem.Status));
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.HttpContext.Response.Headers.RetryAfter = "5";
    };

    public static async Task WriteStatusAsProblem(StatusCodeContext context) =>
        await Microsoft.AspNetCore.Http.Results.Problem(
            statusCode: context.HttpContext.Response.StatusCode,
            detail: ReasonPhrases.GetReasonPhrase(context.HttpContext.Response.StatusCode)).ExecuteAsync(context.HttpContext);

    private static string CodeOf(int? status) => status switch
    {
        StatusCodes.Status400BadRequest => "request.invalid",
        StatusCodes.Status404NotFound => Refusals.NotFound.Code,
        StatusCodes.Status405MethodNotAllowed => "request.method_not_allowed",
        StatusCodes.Status413PayloadTooLarge => "request.too_large",
        StatusCodes.Status415UnsupportedMediaType => "request.unsupported_media_type",
        StatusCodes.Status429TooManyRequests => "request.too_many",
        StatusCodes.Status503ServiceUnavailable => Refusals.Unavailable.Code,
        _ => "request.failed",
    };
}

/// <summary>Exceptions that reach the edge: a caller who was not let in, a database that is away, a body that can't be read; the rest is a 500 without details.</summary>
internal sealed class UnhandledToProblem(ILogger<UnhandledToProblem> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken ct)
    {
        var answer = exception switch
        {
            RefusedException refused => refused.Refusal.ToProblem(),
            BadHttpRequestException bad => Microsoft.AspNetCore.Http.Results.Problem(statusCode: bad.StatusCode, detail: ReasonPhrases.GetReasonPhrase(bad.StatusCode)),
            _ when PracticeMessaging.IsTransient(exception) => Refusals.Unavailable.ToProblem(),
            _ => null,
        };
        if (answer is null)
        {
            log.LogError(exception, "Unhandled exception at {Route}", http.GetEndpoint()?.DisplayName);
            return false;
        }

        await answer.ExecuteAsync(http);
        return true;
    }
}
