using System.Net.Http.Headers;
using System.Text.Json;

namespace Practice.TestKit;

/// <summary>What came back from one call.</summary>
public sealed class Answer
{
    private readonly string _request;
    private readonly TestLog? _log;
    private JsonElement? _json;

    private Answer(
        string request,
        int status,
        string text,
        HttpResponseHeaders headers,
        string? contentType,
        TestLog? log
    )
    {
        _request = request;
        _log = log;
        Status = status;
        Text = text;
        Headers = headers;
        ContentType = contentType;
    }

    public int Status { get; }

    public string Text { get; }

    public HttpResponseHeaders Headers { get; }

    public string? ContentType { get; }

    public JsonElement Json => _json ??= JsonSerializer.Deserialize<JsonElement>(Text.Length == 0 ? "null" : Text);

    /// <summary>The entity tag, to be sent back as <c>If-Match</c>.</summary>
    public string? ETag => Headers.ETag?.ToString();

    /// <summary>The problem's stable code.</summary>
    public string? Code =>
        Json.ValueKind != JsonValueKind.Object ? null
        : Json.TryGetProperty("code", out var code) ? code.GetString()
        // As FHIR says it.
        : Json.TryGetProperty("issue", out var issues)
            ? issues[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()
        : null;

    /// <summary>The <c>id</c> of the resource answered.</summary>
    public Guid Id => this["id"].GetGuid();

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<JsonElement> Items => [.. this["items"].EnumerateArray()];

    /// <summary>A property of the answer.</summary>
    public JsonElement this[string property] =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(property, out var value)
            ? value
            : throw new AnswerException($"There is no '{property}' in it.{Environment.NewLine}{this}");

    /// <summary>The names of the fields with errors.</summary>
    public IReadOnlyList<string> Fields =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateObject().Select(error => error.Name)]
            : [];

    /// <summary>What is said to be wrong with one field; empty where nothing is.</summary>
    public IReadOnlyList<string> ErrorsOf(string field) =>
        Json.ValueKind == JsonValueKind.Object
        && Json.TryGetProperty("errors", out var errors)
        && errors.TryGetProperty(field, out var sentences)
            ? [.. sentences.EnumerateArray().Select(sentence => sentence.GetString()!)]
            : [];

    /// <summary>
    /// Fails, showing the whole call, unless it answered with this status, and this problem code where one is given.
    /// </summary>
    public Answer Should(int status, string? code = null)
    {
        if (Status != status || (code is not null && Code != code))
            throw new AnswerException($"Expected {status} {code}{Environment.NewLine}{this}");
        if (Status >= 400 && ContentType != "application/problem+json")
            throw new AnswerException($"An error must be application/problem+json.{Environment.NewLine}{this}");
        return this;
    }

    /// <summary>Fails unless the answer is 400 with errors for exactly these fields.</summary>
    public Answer ShouldReject(params string[] fields)
    {
        Should(400);
        if (!Fields.Order(StringComparer.Ordinal).SequenceEqual(fields.Order(StringComparer.Ordinal)))
            throw new AnswerException($"Expected errors for {string.Join(", ", fields)}{Environment.NewLine}{this}");
        return this;
    }

    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            [
                _request,
                $"→ {Status} {ContentType}",
                $"{Headers}{Text}",
                .. Status >= 500 ? _log?.Errors.TakeLast(3) ?? [] : [],
            ]
        );

    internal static async Task<Answer> ReadAsync(
        HttpRequestMessage request,
        string? sent,
        HttpResponseMessage response,
        TestLog? log
    )
    {
        var text = await response.Content.ReadAsStringAsync();
        var answer = new Answer(
            $"{request.Method} {request.RequestUri} {sent}",
            (int)response.StatusCode,
            text,
            response.Headers,
            response.Content.Headers.ContentType?.MediaType,
            log
        );
        ApiContract.Check(request, response, text, answer);
        return answer;
    }
}

public sealed class AnswerException(string message) : Exception(message);
