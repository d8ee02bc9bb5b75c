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
}
