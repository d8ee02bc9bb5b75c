using System.Buffers;
using System.Text;

namespace Practice.Groups.Features.Members.Import;

/// <summary>The text of a file, in whatever encoding a spreadsheet program saved it.</summary>
/// <param name="Encoding">By its WHATWG name, such as <c>windows-1252</c>.</param>
internal sealed record FileText(string Encoding, string Text);

internal static class FileEncoding
{
    private const char EndOfFile = '\u001a'; // Ctrl-Z, from DOS

    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16Le = new UnicodeEncoding(bigEndian: false, false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16Be = new UnicodeEncoding(bigEndian: true, false, throwOnInvalidBytes: true);
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>
    /// Beside small letters of a name Windows-1252 has none of these. DOS and old Macs have their accented letters
    /// there: such a file would be read, and its names would be wrong.
    /// </summary>
    private static readonly SearchValues<char> NotInWords = SearchValues.Create("‚ƒ„†‡ˆ‰Š‹ŒŽ•˜›Ÿ¡¢£¤¥§¨¬±¶¸¿×÷");

    /// <summary>As <see cref="NotInWords"/>, between two letters only; a dash not before a capital.</summary>
    private static readonly SearchValues<char> NotWithinWords = SearchValues.Create("“”–—™©®");

    /// <summary>The text; null if the encoding is not known.</summary>
    /// <remarks>
    /// A byte order mark decides. Without one, the zero bytes of a header in UTF-16 do. Text that is valid UTF-8 is
    /// UTF-8: in another encoding accents hardly ever are. The rest is Windows-1252, as spreadsheets save it without
    /// being asked, unless bytes say that it is not.
    /// </remarks>
    public static FileText? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes switch
            {
                [0xEF, 0xBB, 0xBF, ..] => Decode("utf-8", Utf8, bytes),
                [0xFF, 0xFE, ..] or [not 0, 0, ..] => Decode("utf-16le", Utf16Le, bytes),
                [0xFE, 0xFF, ..] or [0, not 0, ..] => Decode("utf-16be", Utf16Be, bytes),
                _ => System.Text.Unicode.Utf8.IsValid(bytes) ? Decode("utf-8", Utf8, bytes)
                : Decode("windows-1252", Windows1252, bytes) is { } text && IsLikely(text.Text) ? text
                : null,
            };
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static FileText Decode(string name, Encoding encoding, ReadOnlySpan<byte> bytes) =>
        new(name, encoding.GetString(bytes).TrimStart('\uFEFF').TrimEnd([EndOfFile, '\0', '\r', '\n']));

    private static bool IsLikely(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is >= '\u0080' and <= '\u009f') // bytes that Windows-1252 does not use
                return false;
            var (before, after) = (At(at - 1), At(at + 1));
            if (NotInWords.Contains(text[at]) && char.IsLetter(before) && (char.IsLower(before) || char.IsLower(after)))
                return false;
            if (NotWithinWords.Contains(text[at]) && char.IsLetter(before) && char.IsLower(after))
                return false;
            if (text[at] == '‘' && char.IsLower(before) && !char.IsLetter(after))
                return false;
        }

        return true;

        char At(int place) => place >= 0 && place < text.Length ? text[place] : ' ';
    }
}
