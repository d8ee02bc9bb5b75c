using System.Text.Json;
using System.Text.Json.Nodes;

namespace Practice.Security.Tests;

/// <summary>What nobody types, and somebody sends.</summary>
internal static class Hostile
{
    /// <summary>
    /// Text that may stand where anything may: the ends of the calendar, other types, other languages.
    /// </summary>
    public static readonly string[] Texts =
    [
        "",
        "   ",
        "0001-01-01",
        "9999-12-31",
        "2026-02-30",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.9999999-14:00",
        "00000000-0000-0000-0000-000000000000",
        "-1",
        "1e999",
        "99999999999999999999",
        "'; drop table users.accounts; --",
        "<script>alert(1)</script>",
        "..%2f..%2f%00é",
        "a\u0000b",
        "\u202Egnp.exe",
        new('x', 5_000),
    ];

    /// <summary>The few that one field of a form is tried with: the API behind it is tried with all.</summary>
    public static readonly string[] Typed = ["", "9999-12-31", "0001-01-01T00:00", "..%2f..%2f%00é", "a\u0000b"];

    /// <summary>Of every JSON type, and texts.</summary>
    public static IEnumerable<JsonNode?> Values =>
        [
            null,
            true,
            -1,
            0.5,
            1e300,
            new JsonArray(),
            new JsonArray(null, "x"),
            new JsonObject(),
            .. Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
        ];

    /// <summary>The body, each time with one of its fields replaced by something hostile, at any depth.</summary>
    public static IEnumerable<string> BodiesLike(JsonNode body)
    {
        foreach (var path in Paths(body, []).ToList())
        foreach (var value in Values)
        {
            // Any text may be a password, and other tests need the one they know.
            if (
                path[^1].EndsWith("password", StringComparison.OrdinalIgnoreCase)
                && value?.GetValueKind() == JsonValueKind.String
            )
                continue;
            var copy = body.DeepClone();
            var parent = path.SkipLast(1).Aggregate(copy, (node, key) => node![key]!);
            parent[path[^1]] = value?.DeepClone();
            yield return copy.ToJsonString();
        }
    }

    private static IEnumerable<string[]> Paths(JsonNode? node, string[] above) =>
        node is not JsonObject fields
            ? []
            : fields.SelectMany(field =>
                new[] { (string[])[.. above, field.Key] }.Concat(Paths(field.Value, [.. above, field.Key]))
            );
}
