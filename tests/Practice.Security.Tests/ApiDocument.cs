using System.Text.Json;

namespace Practice.Security.Tests;

/// <summary>What the API's own document says of a call.</summary>
/// <param name="Query">The names of its query parameters.</param>
/// <param name="Statuses">The statuses that it may answer with.</param>
internal sealed record Operation(IReadOnlyList<string> Query, IReadOnlySet<int> Statuses);

/// <summary>The document of the running host.</summary>
internal sealed class ApiDocument
{
    private static readonly Lazy<Task<ApiDocument>> Loaded = new(LoadAsync);
    private readonly Dictionary<string, Operation> _operations;

    private ApiDocument(Dictionary<string, Operation> operations) => _operations = operations;

    public static Task<ApiDocument> OfTheHostAsync() => Loaded.Value;

    /// <param name="route">Method and path, as <c>GET /api/groups/{groupId}</c>.</param>
    public Operation Of(string route) =>
        route.Contains(" /fhir/", StringComparison.Ordinal) ? Fhir : _operations[route];

    /// <summary>
    /// FHIR describes itself elsewhere (CapabilityStatement); these are its answers and some parameters.
    /// </summary>
    private static Operation Fhir { get; } =
        new(
            ["_id", "_lastUpdated", "_count", "patient", "date"],
            new HashSet<int> { 200, 400, 401, 403, 404, 405, 406, 415, 429 }
        );

    private static async Task<ApiDocument> LoadAsync()
    {
        var app = await TestApp.StartedAsync();
        var paths = (await app.Api.Get("/openapi/v1.json")).Should(200)["paths"];
        return new(
            (
                from path in paths.EnumerateObject()
                from method in path.Value.EnumerateObject()
                select KeyValuePair.Create($"{method.Name.ToUpperInvariant()} {path.Name}", Read(method.Value))
            ).ToDictionary()
        );
    }

    private static Operation Read(JsonElement operation) =>
        new(
            operation.TryGetProperty("parameters", out var parameters)
                ?
                [
                    .. parameters
                        .EnumerateArray()
                        .Where(parameter => parameter.GetProperty("in").GetString() == "query")
                        .Select(parameter => parameter.GetProperty("name").GetString()!),
                ]
                : [],
            operation
                .GetProperty("responses")
                .EnumerateObject()
                .Select(response => int.Parse(response.Name, System.Globalization.CultureInfo.InvariantCulture))
                .ToHashSet()
        );
}
