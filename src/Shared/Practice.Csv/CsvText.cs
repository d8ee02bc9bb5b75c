using System.Buffers;
using System.Text;

namespace Practice.Csv;

/// <summary>Tables as files for spreadsheets.</summary>
public static class CsvText
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n;\t");

    /// <summary>Also as they are typed on a Japanese keyboard, where Excel takes them for the others.</summary>
    private static readonly SearchValues<char> Formula = SearchValues.Create(
        "=+-@\uFF1D\uFF0B\uFF0D\u2212\u30FC\uFF20"
    );

    public const string ContentType = "text/csv; charset=utf-8";

    /// <summary>At the start of a file. With it, spreadsheets read it as UTF-8.</summary>
    public const string Mark = "\uFEFF";

    /// <summary>A whole file.</summary>
    public static byte[] Of(IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder(Mark);
        foreach (var row in rows)
            text.Append(Row(row));
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>
    /// One row with the end of its line. A cell that would be taken for a formula gets an apostrophe.
    /// </summary>
    public static string Row(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Cell))}\r\n";

    private static string Cell(string value)
    {
        var safe =
            (value.AsSpan().TrimStart() is [var first, ..] && Formula.Contains(first))
            || value is ['\t' or '\r' or '\n', ..]
                ? $"'{value}"
                : value;
        return safe.AsSpan().ContainsAny(Special) ? $"\"{safe.Replace("\"", "\"\"")}\"" : safe;
    }
}
