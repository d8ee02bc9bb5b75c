using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Practice.Host.OpenApi;

/// <summary>A call of a file in <c>http/</c>.</summary>
/// <param name="Path">Without the query string.</param>
internal sealed record HttpCall(string File, string Method, string Path, JsonNode? Body);

/// <summary>
/// The calls in the files of <c>http/</c>, which are built into the host: their bodies are the examples of the API
/// document, so there is one example of a call and not two.
/// </summary>
internal static partial class HttpCalls
{
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
            yield return new(
                file,
                line.Groups["method"].Value,
                path,
                body.Length > 0 && headers.Contains("application/json", StringComparison.OrdinalIgnoreCase)
                    ? JsonNode.Parse(body, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })
                    : null
            );
        }

        string Fill(string template) =>
            Placeholder().Replace(template, match => values.GetValueOrDefault(match.Groups[1].Value, "x"));
    }

    [GeneratedRegex(@"^@(\w+)\s*=\s*(.*)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^###", RegexOptions.Multiline)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^(?<method>GET|POST|PUT|DELETE) \{\{host\}\}(?<path>\S+)", RegexOptions.Multiline)]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
