using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Practice.Host.OpenApi;

/// <summary>A call of a file in <c>http/</c>.</summary>
/// <param name="Path">Without the query string.</param>
/// <param name="MediaType">Of the body; empty without one.</param>
/// <param name="Body">Of a form its fields, of a table its text; null for other bodies, and without one.</param>
internal sealed record HttpCall(string File, string Method, string Path, string MediaType, JsonNode? Body);

/// <summary>
/// The calls in the files of <c>http/</c>, which are built into the host: their bodies are the examples of the API
/// document, so there is one example of a call and not two.
/// </summary>
internal static partial class HttpCalls
{
    public const string Json = "application/json",
        Form = "application/x-www-form-urlencoded",
        Csv = "text/csv";

    public static IReadOnlyList<HttpCall> All { get; } = [.. Read()];

    private static IEnumerable<HttpCall> Read()
    {
        var assembly = typeof(HttpCalls).Assembly;
        foreach (
            var name in assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".http", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            foreach (var call in Read(name, reader.ReadToEnd()))
                yield return call;
        }
    }

    private static IEnumerable<HttpCall> Read(string file, string text)
    {
        var values = Variable()
            .Matches(text)
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim());
        foreach (var block in Separator().Split(text.ReplaceLineEndings("\n")))
        {
            if (RequestLine().Match(block) is not { Success: true } line)
                continue;
            var rest = block[(line.Index + line.Length)..];
            var blank = rest.IndexOf("\n\n", StringComparison.Ordinal);
            var headers = blank < 0 ? rest : rest[..blank];
            var body = blank < 0 ? "" : Fill(rest[blank..]).Trim();
            var path = Fill(line.Groups["path"].Value).Split('?')[0];
            var type = body.Length > 0 ? ContentType().Match(headers).Groups[1].Value : "";
            yield return new(file, line.Groups["method"].Value, path, type, BodyOf(type, body));
        }

        string Fill(string template) =>
            Placeholder().Replace(template, match => values.GetValueOrDefault(match.Groups[1].Value, "x"));
    }

    private static JsonNode? BodyOf(string type, string body) =>
        type switch
        {
            Json => JsonNode.Parse(body, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }),
            Form => new JsonObject(
                from field in QueryHelpers.ParseQuery(body)
                select KeyValuePair.Create(field.Key, (JsonNode?)$"{field.Value}")
            ),
            Csv => body,
            _ => null,
        };

    [GeneratedRegex(@"^Content-Type:\s*([^;\s]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ContentType();

    [GeneratedRegex(@"^@(\w+)\s*=\s*(.*)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^###", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^(?<method>GET|POST|PUT|DELETE) \{\{host\}\}(?<path>\S+)", RegexOptions.Multiline)]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
