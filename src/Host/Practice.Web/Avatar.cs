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

    public static string Initials(string name) =>
        string.Concat(
            name.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => char.ToUpperInvariant(part[0]))
                .Take(2)
        );
}
