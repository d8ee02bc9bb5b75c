namespace Practice.Locations.Domain;

/// <summary>When a location is open, in its own time zone. A day that isn't given, or is empty, is closed.</summary>
public sealed record WeeklyHours(
    IReadOnlyList<OpenHours>? Monday,
    IReadOnlyList<OpenHours>? Tuesday,
    IReadOnlyList<OpenHours>? Wednesday,
    IReadOnlyList<OpenHours>? Thursday,
    IReadOnlyList<OpenHours>? Friday,
    IReadOnlyList<OpenHours>? Saturday,
    IReadOnlyList<OpenHours>? Sunday
);

/// <summary>
/// One stretch of a day, as <c>HH:mm</c>; one that lasts to the end of the day closes at <c>24:00</c>.
/// </summary>
public sealed record OpenHours(string? Opens, string? Closes);
