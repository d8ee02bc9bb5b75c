namespace Practice.Web;

/// <summary>The IANA names of this machine's time zones, for select fields.</summary>
internal static class TimeZones
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. TimeZoneInfo
            .GetSystemTimeZones()
            .Select(zone =>
                zone.HasIanaId ? zone.Id
                : TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var name) ? name
                : null
            )
            .OfType<string>()
            .Where(name => name.Contains('/', StringComparison.Ordinal) || name == "UTC")
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The zone that a person means: by its name, or by its city alone, however they write it. What is neither stays as
    /// it is, for the API to refuse.
    /// </summary>
    public static string? Find(string? text)
    {
        if (text is null)
            return null;
        var name = text.Trim().Replace(' ', '_');
        var found = All.Where(zone => Is(zone, name)).ToList();
        if (found.Count == 0)
            found = [.. All.Where(zone => Is(zone[(zone.LastIndexOf('/') + 1)..], name))];
        return found.Count == 1 ? found[0] : text;

        static bool Is(string zone, string name) => zone.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
