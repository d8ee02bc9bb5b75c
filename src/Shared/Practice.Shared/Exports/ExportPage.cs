using System.Net;
using System.Text;
using System.Text.Json;

namespace Practice.Shared.Exports;

/// <summary>An export as a page that people read in a browser. It loads nothing, and runs nothing.</summary>
internal sealed class ExportPage(Stream stream) : IAsyncDisposable
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        + "dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0;"
        + "white-space:pre-line;overflow-wrap:anywhere}section>dl{border-top:1px solid #999;padding:.8rem 0;margin:0}"
        + "ul{padding-left:1.2rem;margin:0}";

    private readonly StreamWriter _text = new(stream, new UTF8Encoding(false), leaveOpen: true);

    public Task BeginAsync(string title) =>
        _text.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{Encoded(title)}</title><style>{Style}</style></head>
            <body><h1>{Encoded(title)}</h1>

            """
        );

    public Task BeginTableAsync(string name) => _text.WriteAsync($"<section><h2>{Words(name)}</h2>\n");

    public Task WriteAsync(JsonElement row) => _text.WriteAsync($"{Html(row)}\n");

    public Task EndTableAsync() => _text.WriteAsync("</section>\n");

    public Task EndAsync() => _text.WriteAsync("</body></html>\n");

    public Task FlushAsync(CancellationToken ct) => _text.FlushAsync(ct);

    public ValueTask DisposeAsync() => _text.DisposeAsync();

    private static string Html(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => $"<dl>{string.Concat(value.EnumerateObject().Where(HasValue).Select(Part))}</dl>",
            JsonValueKind.Array =>
                $"<ul>{string.Concat(value.EnumerateArray().Select(item => $"<li>{Html(item)}</li>"))}</ul>",
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            _ => Encoded(value.ToString()),
        };

    private static bool HasValue(JsonProperty part) =>
        part.Value.ValueKind != JsonValueKind.Null
        && !(part.Value.ValueKind == JsonValueKind.Array && part.Value.GetArrayLength() == 0);

    private static string Part(JsonProperty part) => $"<dt>{Words(part.Name)}</dt><dd>{Html(part.Value)}</dd>";

    /// <summary>Such as "Date of birth" of <c>dateOfBirth</c> or <c>date-of-birth</c>.</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) || letter == '-')
                words.Append(' ');
            if (letter != '-')
                words.Append(words.Length == 0 ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter));
        }

        return Encoded(words.ToString());
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
