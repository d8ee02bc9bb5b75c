namespace Practice.Locations.Domain;

internal static class TimeZones
{
    /// <summary>Whether this is an IANA time zone that this machine knows.</summary>
    public static bool IsIana(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;
}
