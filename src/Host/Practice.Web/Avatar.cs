using System.Globalization;

namespace Practice.Web;

/// <summary>
/// Colour and initials of a practice or a person. The colour never changes, so people see at a glance whose data is on
/// screen.
/// </summary>
internal static class Avatar
{
    private const int Colours = 8;

    /// <summary>The CSS class of its colour.</summary>
    public static string ColourClass(Guid id)
    {
        // The last bytes of a UUIDv7 are random, the first ones a clock.
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return $"colour-{bytes[15] % Colours}";
    }

    /// <summary>The first character of two words, as a person counts characters: accents and emoji whole.</summary>
    public static string Initials(string name) =>
        string.Concat(
            name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => StringInfo.GetNextTextElement(word).ToUpperInvariant())
                .Take(2)
        );
}
