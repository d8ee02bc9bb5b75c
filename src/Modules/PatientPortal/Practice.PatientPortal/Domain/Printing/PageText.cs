using System.Globalization;
using System.Text;
using PdfSharp.Drawing;

namespace Practice.PatientPortal.Domain.Printing;

/// <summary>Measures, breaks and draws text in whatever fonts its letters need.</summary>
internal static class PageText
{
    public static double WidthOf(this XGraphics page, string text, double size, bool bold = false) =>
        Typefaces.Split(VisualOrder.Of(text), size, bold).Sum(part => page.MeasureString(part.Part, part.Font).Width);

    /// <param name="y">Of the baseline.</param>
    /// <param name="right">Whether <paramref name="x"/> is where the text ends.</param>
    public static void Write(
        this XGraphics page,
        string text,
        double x,
        double y,
        double size,
        bool bold = false,
        bool right = false,
        XBrush? brush = null
    )
    {
        if (right)
            x -= page.WidthOf(text, size, bold);
        foreach (var (part, font) in Typefaces.Split(VisualOrder.Of(text), size, bold))
        {
            page.DrawString(part, font, brush ?? XBrushes.Black, x, y);
            x += page.MeasureString(part, font).Width;
        }
    }

    /// <summary>
    /// The text in lines that fit: broken at its own line breaks, at spaces, between Chinese or Japanese letters, and
    /// in the middle of a word only where nothing else helps.
    /// </summary>
    public static IReadOnlyList<string> Lines(
        this XGraphics page,
        string text,
        double width,
        double size,
        bool bold = false
    )
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n'))
        {
            var line = new StringBuilder();
            foreach (var piece in Pieces(paragraph).SelectMany(piece => Fitting(page, piece, width, size, bold)))
            {
                if (line.Length > 0 && page.WidthOf($"{line}{piece.TrimEnd()}", size, bold) > width)
                {
                    lines.Add(line.ToString().TrimEnd());
                    line.Clear();
                }

                line.Append(piece);
            }

            lines.Add(line.ToString().TrimEnd());
        }

        return lines;
    }

    /// <summary>Words with the spaces behind them; letters that are words of their own.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        var piece = new StringBuilder();
        foreach (var letter in text.EnumerateRunes())
        {
            if (
                piece.Length > 0
                && ((char.IsWhiteSpace(piece[^1]) && !Rune.IsWhiteSpace(letter)) || IsIdeograph(letter))
            )
            {
                yield return piece.ToString();
                piece.Clear();
            }

            piece.Append(letter.ToString());
        }

        if (piece.Length > 0)
            yield return piece.ToString();
    }

    private static IEnumerable<string> Fitting(XGraphics page, string piece, double width, double size, bool bold)
    {
        if (page.WidthOf(piece.TrimEnd(), size, bold) <= width)
        {
            yield return piece;
            yield break;
        }

        var part = new StringBuilder();
        var each = StringInfo.GetTextElementEnumerator(piece);
        while (each.MoveNext())
        {
            if (part.Length > 0 && page.WidthOf($"{part}{each.GetTextElement()}", size, bold) > width)
            {
                yield return part.ToString();
                part.Clear();
            }

            part.Append(each.GetTextElement());
        }

        yield return part.ToString();
    }

    private static bool IsIdeograph(Rune letter) =>
        letter.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF);
}
