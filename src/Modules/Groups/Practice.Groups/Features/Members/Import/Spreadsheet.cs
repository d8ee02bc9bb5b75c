using System.Globalization;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;

namespace Practice.Groups.Features.Members.Import;

/// <summary>A row that holds something.</summary>
/// <param name="Number">As the spreadsheet numbers it: blank rows count, line breaks in a cell do not.</param>
internal sealed record SheetRow(int Number, string[] Cells)
{
    /// <summary>The cell's text; empty beyond the end of a short row.</summary>
    public string this[int column] => column < Cells.Length ? Cells[column] : "";
}

/// <summary>
/// A file as spreadsheet programs save it: in UTF-8, UTF-16 or Windows-1252; with commas, semicolons or tabs; with a
/// <c>sep=</c> line; with blank rows.
/// </summary>
/// <param name="Rows">The first is the header.</param>
internal sealed partial record Spreadsheet(string Encoding, IReadOnlyList<SheetRow> Rows)
{
    private const char Quote = '"';

    /// <summary>A person has ten. A row of a million cells would be a million objects.</summary>
    private const int MaxColumns = 200;

    private static readonly char[] Separators = [',', ';', '\t'];

    /// <param name="maxRows">Without the header.</param>
    public static ErrorOr<Spreadsheet> Read(ReadOnlySpan<byte> bytes, int maxRows)
    {
        if (IsWorkbook(bytes))
            return Wrong(
                "This is a spreadsheet, not a CSV file. In your spreadsheet program choose Save As (or Export, or "
                    + "Download), choose CSV UTF-8, and import the new file."
            );
        if (FileEncoding.Read(bytes) is not { } file)
            return Wrong("The file's encoding is not known. Save it as CSV UTF-8 and import it again.");

        var (text, separator) = (file.Text, (char?)null);
        if (SeparatorLine().Match(text) is { Success: true } line)
            (text, separator) = (text[line.Length..], line.Groups[1].Value[0]);
        separator ??= FindSeparator(text);
        if (HasLongerRow(text, separator.Value))
            return Wrong($"At most {MaxColumns} columns.");
        var rows = ReadRows(text, separator.Value, maxRows);
        return rows.IsError ? rows.Errors
            : rows.Value.Count == 0 ? Wrong("The file is empty.")
            : new Spreadsheet(file.Encoding, rows.Value);
    }

    public static Error Wrong(string sentence) => ApiError.InvalidField("file", sentence);

    private static bool HasLongerRow(string text, char separator)
    {
        var cells = 1;
        foreach (var character in text)
        {
            cells =
                character is '\r' or '\n' ? 1
                : character == separator ? cells + 1
                : cells;
            if (cells > MaxColumns)
                return true;
        }

        return false;
    }

    private static ErrorOr<List<SheetRow>> ReadRows(string text, char separator, int maxRows)
    {
        var rows = new List<SheetRow>();
        var number = 0;
        try
        {
            using var reader = new StringReader(text);
            using var csv = new CsvParser(
                reader,
                new CsvConfiguration(CultureInfo.InvariantCulture)
                {
                    Delimiter = separator.ToString(),
                    TrimOptions = TrimOptions.Trim,
                    IgnoreBlankLines = false, // they have a number
                }
            );
            while (csv.Read())
            {
                number++;
                if (csv.Record is { } cells && !Array.TrueForAll(cells, string.IsNullOrWhiteSpace))
                    rows.Add(new SheetRow(number, cells));
                if (rows.Count > maxRows + 1)
                    return Wrong($"At most {maxRows} rows.");
            }
        }
        catch (BadDataException)
        {
            return Wrong($"Row {number} has a misplaced quote.");
        }

        return rows;
    }

    /// <summary>The one that the first row with any has most of, outside quotes.</summary>
    private static char FindSeparator(string text)
    {
        var (counts, quoted) = (new int[Separators.Length], false);
        foreach (var character in text)
        {
            if (character == Quote)
                quoted = !quoted;
            else if (!quoted && Array.IndexOf(Separators, character) is >= 0 and var found)
                counts[found]++;
            else if (!quoted && character is '\r' or '\n' && counts.Max() > 0)
                break;
        }

        return Separators[Array.IndexOf(counts, counts.Max())];
    }

    /// <summary>By their first bytes: .xlsx, .ods and .numbers are zip archives, .xls is a compound file.</summary>
    private static bool IsWorkbook(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PK\x03\x04"u8) || bytes is [0xD0, 0xCF, 0x11, 0xE0, ..];

    /// <summary>
    /// It tells Excel the separator, and Excel shows no row for it. Other programs save it as a row of cells.
    /// </summary>
    [GeneratedRegex("""^"?sep=([^\w\s"]|\t)[",;\t ]*(\r\n|\r|\n|$)""", RegexOptions.IgnoreCase)]
    private static partial Regex SeparatorLine();
}
