using Practice.Locations.Domain;

namespace Practice.Locations.Features;

/// <summary>A location in responses.</summary>
internal sealed record LocationView(
    Guid Id,
    string Name,
    string? Address,
    string? Phone,
    string TimeZone,
    string? Colour,
    WeeklyHours? Hours,
    LocationStatus Status
)
{
    public static LocationView Of(Location location) =>
        new(
            location.Id,
            location.Name,
            location.Address,
            location.Phone,
            location.TimeZone,
            location.Colour,
            location.Hours,
            location.IsArchived ? LocationStatus.Archived : LocationStatus.Active
        );
}

internal enum LocationStatus
{
    Active,
    Archived,
}
