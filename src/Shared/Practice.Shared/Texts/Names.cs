using System.Text.RegularExpressions;

namespace Practice.Shared.Texts;

/// <summary>Names in emails and text messages.</summary>
public static partial class Names
{
    /// <summary>
    /// Names are other people's words. Mail programs and phones make a link of anything that looks like one, so an
    /// address of a page gets blanks in it; an email address stays.
    /// </summary>
    public static string Unlinked(string words) =>
        string.Join(
            ' ',
            words
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Email().IsMatch(word) ? word : LinkLike().Replace(word, "$1 "))
        );

    /// <summary>One address and nothing else, perhaps in brackets.</summary>
    [GeneratedRegex(@"^\(?[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\)?$")]
    private static partial Regex Email();

    [GeneratedRegex(@"(\.(?=[^\s.]{2})|[:/](?=/))")]
    private static partial Regex LinkLike();
}
