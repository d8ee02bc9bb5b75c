using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Practice.TestKit;

/// <summary>
/// Holds every answer that a test gets to docs/openapi.json: its status, its error code, its headers and its body. So
/// the document is compared with what really happens by all tests at once. What the document does not know yet is left
/// alone: another test says so.
/// </summary>
public sealed class ApiContract
{
    private const string Base = "https://practice.example/schemas/";
    private const string Prefix = "#/components/schemas/";

    /// <summary>A body of this size is a list like any other, and only takes time.</summary>
    private const int MaxLength = 200_000;

    /// <summary>How many bodies of one call and status are held to their schema: later ones only take time.</summary>
    private const int BodiesOfOneKind = 20;

    private static readonly string[] Described =
    [
        "Content-Disposition",
        "ETag",
        "Location",
        "Overlapping-Appointments",
        "Retry-After",
        "Skipped-Locations",
    ];

    private static readonly EvaluationOptions Strict = new() { RequireFormatValidation = true };

    private static readonly EvaluationOptions Detailed = new()
    {
        RequireFormatValidation = true,
        OutputFormat = OutputFormat.List,
    };

    private static readonly Lazy<ApiContract> Read = new(() => new ApiContract());

    private readonly ILookup<(string Method, int Parts), (string[] Path, JsonObject Operation)> _operations;
    private readonly ConcurrentDictionary<(JsonObject Operation, int Status), int> _bodies = new();
    private readonly ConcurrentDictionary<JsonObject, JsonSchema> _schemas = new();

    private ApiContract()
    {
        var document = JsonNode
            .Parse(File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "openapi.json")))!
            .AsObject();
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            PointToIds(schema);
            schema!["$id"] = Base + name;
            SchemaRegistry.Global.Register(JsonSchema.FromText(schema.ToJsonString()));
        }

        PointToIds(document["paths"]);
        var operations =
            from path in document["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            orderby path.Key.Count(letter => letter == '{')
            select (Method: method.Key.ToUpperInvariant(), Path: path.Key.Split('/'), Of: method.Value!.AsObject());
        _operations = operations.ToLookup(one => (one.Method, one.Path.Length), one => (one.Path, one.Of));
    }

    /// <exception cref="AnswerException">The answer is not as the document says.</exception>
    internal static void Check(HttpRequestMessage request, HttpResponseMessage response, string text, Answer answer)
    {
        var path = (
            request.RequestUri!.IsAbsoluteUri
                ? request.RequestUri.AbsolutePath
                : request.RequestUri.OriginalString.Split('?')[0]
        );
        if (!path.StartsWith("/api/", StringComparison.Ordinal) || (answer.Status >= 500 && answer.Status != 503))
            return;
        if (
            Read.Value.Find(request.Method.Method, path) is { } operation
            && Read.Value.WrongWith(operation, response, text, answer) is { } wrong
        )
            throw new AnswerException(
                $"{operation["operationId"]} {wrong}, by docs/openapi.json. After an intended change: "
                    + "PRACTICE_ACCEPT_OPENAPI=1 dotnet test tests/Practice.Host.Tests --filter ApiDocumentTests"
                    + $"{Environment.NewLine}{answer}"
            );
    }

    private JsonObject? Find(string method, string path)
    {
        var parts = path.Split('/');
        return _operations[(method, parts.Length)]
            .FirstOrDefault(one =>
                one.Path.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second)
            )
            .Operation;
    }

    private string? WrongWith(JsonObject operation, HttpResponseMessage response, string text, Answer answer)
    {
        if (operation["responses"]![$"{answer.Status}"] is not JsonObject described)
            return answer.Status == 405 ? null : $"does not answer {answer.Status} {answer.Code}";
        var content = described["content"] as JsonObject;
        if (answer.Status >= 400)
            return content?["application/problem+json"]?["examples"]?[answer.Code ?? ""] is null
                ? $"does not answer {answer.Status} with the code {answer.Code}"
                : MissingHeader(described, response);
        if (MissingHeader(described, response) is { } missing)
            return missing;
        if (text.Length == 0 || answer.ContentType != "application/json" || text.Length > MaxLength)
            return
                text.Length == 0
                || content?[answer.ContentType ?? ""] is not null
                || content?["application/octet-stream"] is not null // any file
                ? null
                : $"does not answer {answer.Status} with {answer.ContentType}";
        if (content?["application/json"]?["schema"] is not JsonObject schema)
            return $"answers {answer.Status} without a body";
        if (_bodies.AddOrUpdate((operation, answer.Status), 1, (_, count) => count + 1) > BodiesOfOneKind)
            return null;

        return ErrorsOf(schema, text) is { Count: > 0 } errors
            ? $"answers another body ({string.Join("; ", errors.Take(5))})"
            : null;
    }

    /// <summary>What keeps a value from being as a schema of the document says; empty where nothing does.</summary>
    public static IReadOnlyList<string> Errors(string method, string path, string json) =>
        Read.Value.Find(method, path)?["requestBody"]?["content"]?["application/json"]?["schema"] is JsonObject schema
            ? Read.Value.ErrorsOf(schema, json)
            : [$"{method} {path} takes no body"];

    /// <inheritdoc cref="Errors(string, string, string)"/>
    /// <param name="schema">A schema of the document.</param>
    /// <param name="json">The value.</param>
    public static IReadOnlyList<string> Errors(JsonObject schema, string json)
    {
        var copy = schema.DeepClone().AsObject();
        PointToIds(copy);
        return Read.Value.ErrorsOf(copy, json);
    }

    private IReadOnlyList<string> ErrorsOf(JsonObject schema, string json)
    {
        var (known, value) = (
            _schemas.GetOrAdd(schema, static one => JsonSchema.FromText(one.ToJsonString())),
            JsonNode.Parse(json)
        );
        if (known.Evaluate(value, Strict).IsValid)
            return [];
        return
        [
            .. known
                .Evaluate(value, Detailed)
                .Details.Where(detail => detail.HasErrors)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Value}")),
        ];
    }

    private static string? MissingHeader(JsonObject described, HttpResponseMessage response) =>
        Described
            .Where(header =>
                (Has(response.Headers, header) || Has(response.Content.Headers, header))
                && described["headers"]?[header] is null
            )
            .Select(header => $"does not answer with the header {header}")
            .FirstOrDefault();

    private static bool Has(HttpHeaders headers, string name) => headers.NonValidated.Contains(name);

    private static void PointToIds(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject properties:
                if (
                    properties["$ref"] is JsonValue reference
                    && reference.ToString().StartsWith(Prefix, StringComparison.Ordinal)
                )
                    properties["$ref"] = Base + reference.ToString()[Prefix.Length..];
                foreach (var (_, value) in properties)
                    PointToIds(value);
                break;
            case JsonArray items:
                foreach (var item in items)
                    PointToIds(item);
                break;
        }
    }
}
