using System.Net;
using System.Text.Json;

namespace Practice.Client;

/// <summary>An error response of the API, with its problem details.</summary>
public sealed class ApiProblemException(HttpStatusCode status, ProblemDetails problem, TimeSpan? retryAfter = null)
    : Exception(problem.Detail ?? problem.Title ?? "The request failed.")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>The stable error code, as <c>module.snake_case</c>.</summary>
    public string Code => problem.Code ?? "";

    /// <summary>With 400: the errors of each field, by its name as sent.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; } =
        problem.Errors?.ToDictionary(error => error.Key, error => error.Value) ?? [];

    /// <summary>With 429 and 503: when to try again.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The ids that the problem has under this name, such as those of the patients it is about.</summary>
    public IReadOnlyList<Guid> Ids(string name) =>
        problem.AdditionalProperties.TryGetValue(name, out var ids)
        && ids is JsonElement { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Select(id => id.GetGuid())]
            : [];

    /// <summary>What the API answers about something that is not there.</summary>
    public static ApiProblemException NotFound() =>
        new(HttpStatusCode.NotFound, new ProblemDetails { Code = "request.not_found" });

    internal static async Task<ApiProblemException> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
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
                // A proxy's page, or a truncated response: only the status is known.
            }
        }

        return new ApiProblemException(
            answer.StatusCode,
            problem ?? new ProblemDetails { Title = answer.ReasonPhrase },
            answer.Headers.RetryAfter?.Delta
        );
    }
}
