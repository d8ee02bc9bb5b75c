using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace Practice.Shared.Http;

/// <summary>Text from outside, so that what looks the same is the same, and nothing hides in it.</summary>
public static class InputText
{
    /// <summary>
    /// The same text, with accents composed (Unicode NFC). .NET's own <c>Normalize</c> does nothing in a process without
    /// ICU, as this one is: it must run on any machine.
    /// </summary>
    public static string Clean(string text) => Ascii.IsValid(text) ? text : ENSNormalize.NF.NFC(text);

    /// <summary>A name: without characters that cannot be seen, or that turn what follows around.</summary>
    public static string CleanName(string name) =>
        Clean(string.Concat(name.EnumerateRunes().Where(rune => !IsInvisible(rune))));

    public static bool HasInvisible(string text) => text.EnumerateRunes().Any(IsInvisible);

    /// <summary>Zero-width and soft hyphens, direction marks, byte order marks, tags.</summary>
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;
}
