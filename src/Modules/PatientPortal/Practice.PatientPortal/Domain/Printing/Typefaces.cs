using System.Buffers.Binary;
using System.Text;
using PdfSharp.Drawing;
using PdfSharp.Fonts;

namespace Practice.PatientPortal.Domain.Printing;

/// <summary>A font that the product brings, and the letters that it has.</summary>
internal sealed class Typeface
{
    private readonly HashSet<int> _letters;

    private Typeface(string family, byte[] bytes) => (Family, Bytes, _letters) = (family, bytes, LettersOf(bytes));

    public string Family { get; }

    public byte[] Bytes { get; }

    public bool Has(Rune letter) => _letters.Contains(letter.Value);

    public static Typeface Load(string family)
    {
        using var resource = typeof(Typeface).Assembly.GetManifestResourceStream($"{family}.ttf")
            ?? throw new InvalidOperationException($"The font {family} is not in the program.");
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return new(family, bytes.ToArray());
    }

    /// <summary>
    /// The code points of the font's table <c>cmap</c> (OpenType, formats 4 and 12). PDFsharp draws a letter that a
    /// font does not have as an empty box, and does not say so.
    /// </summary>
    private static HashSet<int> LettersOf(byte[] font)
    {
        var letters = new HashSet<int>();
        var cmap = TableAt(font, "cmap");
        for (var number = 0; number < Word(font, cmap + 2); number++)
        {
            var at = cmap + (int)Long(font, cmap + 4 + (number * 8) + 4);
            if (Word(font, at) == 4)
                ReadSegments(font, at, letters);
            else if (Word(font, at) == 12)
                ReadGroups(font, at, letters);
        }

        return letters;
    }

    private static int TableAt(byte[] font, string name)
    {
        for (var number = 0; number < Word(font, 4); number++)
        {
            var record = 12 + (number * 16);
            if (Encoding.ASCII.GetString(font, record, 4) == name)
                return (int)Long(font, record + 8);
        }

        throw new InvalidOperationException($"The font has no table {name}.");
    }

    private static void ReadSegments(byte[] font, int at, HashSet<int> letters)
    {
        var twice = Word(font, at + 6);
        var (ends, starts) = (at + 14, at + 16 + twice);
        var (deltas, offsets) = (starts + twice, starts + (2 * twice));
        for (var segment = 0; segment < twice; segment += 2)
        {
            for (int code = Word(font, starts + segment); code <= Word(font, ends + segment) && code != 0xFFFF; code++)
            {
                var offset = Word(font, offsets + segment);
                var glyph =
                    offset == 0
                        ? code + Word(font, deltas + segment)
                        : Word(font, offsets + segment + offset + (2 * (code - Word(font, starts + segment))));
                if ((glyph & 0xFFFF) != 0)
                    letters.Add(code);
            }
        }
    }

    private static void ReadGroups(byte[] font, int at, HashSet<int> letters)
    {
        for (var group = 0; group < Long(font, at + 12); group++)
        {
            var record = at + 16 + (group * 12);
            for (var code = Long(font, record); code <= Long(font, record + 4); code++)
                letters.Add((int)code);
        }
    }

    private static ushort Word(byte[] font, int at) => BinaryPrimitives.ReadUInt16BigEndian(font.AsSpan(at));

    private static uint Long(byte[] font, int at) => BinaryPrimitives.ReadUInt32BigEndian(font.AsSpan(at));
}

/// <summary>
/// The fonts of printed pages: DejaVu Sans for Latin, Greek, Cyrillic, Hebrew and Arabic, Droid Sans Fallback for
/// Chinese, Japanese and Korean. None is looked for on the machine.
/// </summary>
internal sealed class Typefaces : IFontResolver
{
    private const string Bold = "DejaVuSans-Bold";

    private static readonly Typeface Regular = Typeface.Load("DejaVuSans");

    /// <summary>In the order in which they are asked for a letter.</summary>
    private static readonly Typeface[] Faces = [Regular, Typeface.Load("DroidSansFallback")];

    private static readonly Typeface[] All = [.. Faces, Typeface.Load(Bold)];

    static Typefaces() => GlobalFontSettings.FontResolver = new Typefaces();

    private Typefaces() { }

    /// <summary>Whether a page can show the text.</summary>
    public static bool Have(string text) =>
        VisualOrder
            .Of(text)
            .EnumerateRunes()
            .All(letter => Rune.IsControl(letter) || Array.Exists(Faces, face => face.Has(letter)));

    /// <summary>The parts of a text that one font can draw each, in order.</summary>
    public static IEnumerable<(string Part, XFont Font)> Split(string text, double size, bool bold)
    {
        var part = new StringBuilder();
        var last = Regular;
        foreach (var letter in text.EnumerateRunes())
        {
            var face =
                last.Has(letter) && last == Regular ? last : Array.Find(Faces, one => one.Has(letter)) ?? Regular;
            if (face != last && part.Length > 0)
            {
                yield return (part.ToString(), FontOf(last, size, bold));
                part.Clear();
            }

            last = face;
            part.Append(letter.ToString());
        }

        if (part.Length > 0)
            yield return (part.ToString(), FontOf(last, size, bold));
    }

    public FontResolverInfo? ResolveTypeface(string familyName, bool isBold, bool isItalic) =>
        (familyName, isBold) switch
        {
            ("DejaVuSans", true) => new(Bold),
            _ when Array.Exists(All, face => face.Family == familyName) => new(
                familyName,
                mustSimulateBold: isBold,
                mustSimulateItalic: false
            ),
            _ => null,
        };

    public byte[]? GetFont(string faceName) => Array.Find(All, face => face.Family == faceName)?.Bytes;

    private static XFont FontOf(Typeface face, double size, bool bold) =>
        new(face.Family, size, bold ? XFontStyleEx.Bold : XFontStyleEx.Regular);
}
