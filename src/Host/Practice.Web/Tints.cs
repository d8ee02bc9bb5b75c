namespace Practice.Web;

/// <summary>A colour that stays with a practice or a person, so that whose data is on screen is seen before it is read.</summary>
internal static class Tints
{
    private const int Count = 8;

    /// <summary>The class that colours what belongs to it.</summary>
    public static string Of(Guid id)
    {
        // The last bytes of a UUIDv7 are random, its first ones a clock.
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return $"tint-{bytes[15] % Count}";
    }

    public static string Initials(string name) =>
        string.Concat(
            name.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => char.ToUpperInvariant(part[0]))
                .Take(2)
        );
}
