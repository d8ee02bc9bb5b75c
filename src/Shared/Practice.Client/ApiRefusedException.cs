using System.Net;
using System.Text.Json;

namespace Practice.Client;

/// <summary>The API said no, and why: its problem details, whatever the call.</summary>
public sealed class ApiRefusedException(HttpStatusCode status, ProblemDetails problem, TimeSpan? retryAfter = null)
    : Exception(problem.Detail ?? problem.Title)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>What is wrong, as <c>module.snake_case</c>; stable.</summary>
    public string Code => problem.Code ?? "";

    /// <summary>What is wrong, as a sentence.</summary>
    public string Sentence => problem.Detail ?? problem.Title ?? "This could not be done.";

    /// <summary>With 400: what is wrong with each field, by its name as sent.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; } =
        problem.Errors?.ToDictionary(error => error.Key, error => error.Value) ?? [];

    /// <summary>With 429 and 503: when to try again.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    internal static async Task<ApiRefusedException> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        ProblemDetails? problem = null;
        if (answer.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                problem = JsonSerializer.Deserialize<ProblemDetails>(
                    await answer.Content.ReadAsStreamAsync(ct),
                    JsonSerializerOptions.Web
                );
            }
            catch (JsonException)
            {
                // A proxy's page, or half an answer: the status has to do.
            }
        }

        return new ApiRefusedException(
            answer.StatusCode,
            problem ?? new ProblemDetails { Title = answer.ReasonPhrase },
            answer.Headers.RetryAfter?.Delta
        );
    }
}

/// <summary>Makes one exception of every refusal, before the generated calls look at the status.</summary>
public sealed class RefusalHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw await ApiRefusedException.ReadAsync(answer, cancellationToken);
    }
}
