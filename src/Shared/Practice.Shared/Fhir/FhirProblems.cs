using Hl7.Fhir.Model;
using Microsoft.Extensions.Options;

namespace Practice.Shared.Fhir;

/// <summary>
/// Writes every error of a call of FHIR as an OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html),
/// wherever it comes from: with the sentence and the code that the API gives.
/// </summary>
public sealed class FhirProblems(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => FhirRoutes.IsFhir(context.HttpContext.Request);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        var status = problem.Status ?? http.Response.StatusCode;
        var outcome = new OperationOutcome();
        if (problem.Extensions.TryGetValue("errors", out var errors) && errors is IDictionary<string, string[]> fields)
            foreach (var (field, sentences) in fields)
            foreach (var sentence in sentences)
                outcome.Issue.Add(Issue($"{field}: {sentence}", field));
        if (outcome.Issue.Count == 0)
            outcome.Issue.Add(Issue(problem.Detail ?? problem.Title ?? "The request failed.", null));
        return new(FhirResults.Write(outcome, status).ExecuteAsync(http));

        OperationOutcome.IssueComponent Issue(string sentence, string? parameter) =>
            new()
            {
                Severity = OperationOutcome.IssueSeverity.Error,
                Code = CodeOf(status),
                Details = new() { Coding = [new() { Code = $"{problem.Extensions["code"]}" }], Text = sentence },
                Diagnostics = problem.Extensions["traceId"] is { } trace ? $"traceId {trace}" : null,
                Location = parameter is null ? [] : [$"http.{parameter}"],
            };
    }

    private static OperationOutcome.IssueType CodeOf(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => OperationOutcome.IssueType.Invalid,
            StatusCodes.Status401Unauthorized => OperationOutcome.IssueType.Login,
            StatusCodes.Status403Forbidden => OperationOutcome.IssueType.Forbidden,
            StatusCodes.Status404NotFound => OperationOutcome.IssueType.NotFound,
            StatusCodes.Status405MethodNotAllowed
            or StatusCodes.Status406NotAcceptable
            or StatusCodes.Status415UnsupportedMediaType => OperationOutcome.IssueType.NotSupported,
            StatusCodes.Status410Gone => OperationOutcome.IssueType.Deleted,
            StatusCodes.Status413PayloadTooLarge => OperationOutcome.IssueType.TooLong,
            StatusCodes.Status429TooManyRequests => OperationOutcome.IssueType.Throttled,
            StatusCodes.Status503ServiceUnavailable => OperationOutcome.IssueType.Transient,
            >= StatusCodes.Status500InternalServerError => OperationOutcome.IssueType.Exception,
            _ => OperationOutcome.IssueType.Processing,
        };
}
