using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace Practice.Shared.Http;

/// <summary>Text from outside, so that what looks the same is the same, and nothing hides in it.</summary>
public static class InputText
{
    /// <summary>
    /// The same text, with accents composed (Unicode NFC). .NET's own <c>Normalize</c> does nothing in a process
    /// without ICU, as this one is: it must run on any machine.
    /// </summary>
    public static string Clean(string text) => Ascii.IsValid(text) ? text : ENSNormalize.NF.NFC(text);

    /// <summary>
    /// Text of several lines: a line break is one line feed, whatever the sender's system writes. Browsers send two
    /// characters, and count one.
    /// </summary>
    public static string CleanLines(string text) =>
        Clean(text).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>A name: without characters that cannot be seen, or that turn what follows around.</summary>
    public static string CleanName(string name)
    {
        if (Ascii.IsValid(name))
            return name;
        var runes = name.EnumerateRunes().ToList();
        return Clean(string.Concat(runes.Where((rune, at) => !IsInvisible(rune) || Joins(runes, at))));
    }

    /// <summary>
    /// The token of a mailed link, without what a mail program or a person took along with it: a full stop, a bracket,
    /// a quote. Every token ends with a letter or a digit.
    /// </summary>
    public static string CleanToken(string token)
    {
        var end = token.Length - 1;
        while (end >= 0 && !char.IsAsciiLetterOrDigit(token[end]))
            end--;
        return token[..(end + 1)].TrimStart();
    }

    /// <summary>How the text of a field is cleaned, by what the field is called.</summary>
    public static Func<string, string> CleanerOf(string field) =>
        Ends(field, "password") ? text => text
        : Ends(field, "email") ? EmailAddress.Clean
        : Ends(field, "token") ? CleanToken
        : Ends(field, "name") || Ends(field, "title") ? CleanName
        : CleanLines;

    private static bool Ends(string field, string word) => field.EndsWith(word, StringComparison.OrdinalIgnoreCase);

    public static bool HasInvisible(string text) => text.EnumerateRunes().Any(IsInvisible);

    /// <summary>
    /// Zero-width and soft hyphens, direction marks, byte order marks, tags, fillers, blank braille, variation
    /// selectors, and what Unicode keeps for more of these.
    /// </summary>
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2065 or 0x2800 or 0x3164 or 0xFFA0
        || rune.Value
            is (>= 0x180B and <= 0x180F)
                or (>= 0xFE00 and <= 0xFE0F)
                or (>= 0xFFF0 and <= 0xFFF8)
                or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>Persian, Sinhala and other names are written with these two between letters.</summary>
    private static bool Joins(List<Rune> runes, int at) =>
        runes[at].Value is 0x200C or 0x200D
        && at > 0
        && at < runes.Count - 1
        && IsJoined(runes[at - 1])
        && IsJoined(runes[at + 1])
        && Rune.IsLetter(runes[at + 1]);

    /// <summary>Letters of the scripts that join, which come after the Latin, Greek and Cyrillic ones.</summary>
    private static bool IsJoined(Rune rune) =>
        !IsInvisible(rune) && rune.Value is >= 0x0590 and not (>= 0x1E00 and <= 0x20FF);
}
