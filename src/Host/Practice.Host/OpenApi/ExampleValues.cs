using System.Text.Json.Nodes;

namespace Practice.Host.OpenApi;

/// <summary>
/// Makes an example of an answer from its schema. Where a property of the same name has a value in an example body,
/// that value is taken if it fits, so that a name looks like a name.
/// </summary>
internal sealed class ExampleValues(Func<JsonObject, JsonObject> resolve)
{
    private const int Deepest = 6;
    private readonly Dictionary<string, List<JsonNode>> _known = new(StringComparer.Ordinal);

    public void Learn(JsonNode? body)
    {
        switch (body)
        {
            case JsonObject properties:
                foreach (var (name, value) in properties)
                {
                    if (value is JsonValue)
                        (_known.TryGetValue(name, out var values) ? values : _known[name] = []).Add(value);
                    Learn(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                    Learn(item);
                break;
        }
    }

    public JsonNode? Make(JsonObject schema, string name = "", int depth = 0)
    {
        schema = resolve(schema);
        if (schema["oneOf"] is JsonArray choices)
            return name == "next" || depth > Deepest ? null : Make((JsonObject)choices[0]!, name, depth);
        if (schema["default"] is { } usual)
            return usual.DeepClone();
        if (schema["enum"] is JsonArray values)
            return values[0]!.DeepClone();
        var (type, nullable) = TypeOf(schema);
        if (nullable && (name is "next" || depth > Deepest))
            return null;
        return type switch
        {
            "object" => MakeObject(schema, depth),
            "array" => depth > Deepest
                ? new JsonArray()
                : new JsonArray(Make((JsonObject)schema["items"]!, name, depth + 1)),
            "boolean" => Known(name, value =>
                value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
            ) ?? true,
            "integer" => Known(name, value => value.TryGetValue(out int _)) ?? schema["minimum"]?.DeepClone() ?? 1,
            "number" => Known(name, value => value.TryGetValue(out decimal _)) ?? schema["minimum"]?.DeepClone() ?? 1,
            "string" => Text(schema, name),
            _ => "…",
        };
    }

    private JsonObject MakeObject(JsonObject schema, int depth)
    {
        var made = new JsonObject();
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
            made[name] = Make((JsonObject)property!, name, depth + 1);
        if (schema["additionalProperties"] is JsonObject values && schema["properties"] is null)
            made["manageUsers"] = Make(values, "", depth + 1);
        return made;
    }

    private JsonNode Text(JsonObject schema, string name) =>
        schema["format"]?.ToString() switch
        {
            "uuid" => "01983f6e-5d3a-7c41-9b0e-2f1a8c6d4e70",
            "date" => "2026-11-30",
            "date-time" => "2026-11-30T09:30:00Z",
            "uri" => "https://practice.example/",
            "email" => "ida@practice.example",
            "byte" => "AAAA",
            _ => Known(name, value => value.TryGetValue(out string? text) && Fits(schema, text))
                ?? (
                    name.EndsWith("mail", StringComparison.OrdinalIgnoreCase) ? "ida@practice.example" : Fallback(name)
                ),
        };

    private static string Fallback(string name) => name.Length == 0 ? "text" : name;

    private static bool Fits(JsonObject schema, string text) =>
        text.Length <= ((int?)schema["maxLength"] ?? int.MaxValue) && text.Length >= ((int?)schema["minLength"] ?? 0);

    private JsonNode? Known(string name, Func<JsonValue, bool> fits) =>
        _known.GetValueOrDefault(name)?.OfType<JsonValue>().FirstOrDefault(fits)?.DeepClone();

    private static (string? Type, bool Nullable) TypeOf(JsonObject schema) =>
        schema["type"] switch
        {
            JsonArray types => (
                types.Select(type => type!.ToString()).First(type => type != "null"),
                types.Any(type => type!.ToString() == "null")
            ),
            { } type => (type.ToString(), false),
            null => (schema["properties"] is null ? null : "object", false),
        };
}
