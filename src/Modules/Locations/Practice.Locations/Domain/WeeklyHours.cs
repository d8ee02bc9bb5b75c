using System.Globalization;
using Practice.Contracts.Locations;

namespace Practice.Locations.Domain;

/// <summary>
/// When a location is open, in its own time zone. A day that isn't given, or is empty, is closed. A week without any
/// hours says nothing: nobody has entered them.
/// </summary>
public sealed record WeeklyHours(
    IReadOnlyList<OpenHours>? Monday,
    IReadOnlyList<OpenHours>? Tuesday,
    IReadOnlyList<OpenHours>? Wednesday,
    IReadOnlyList<OpenHours>? Thursday,
    IReadOnlyList<OpenHours>? Friday,
    IReadOnlyList<OpenHours>? Saturday,
    IReadOnlyList<OpenHours>? Sunday
)
{
    /// <summary>These hours; null where every day is empty.</summary>
    internal WeeklyHours? OrNullIfEmpty() => ToStretches().Count == 0 ? null : this;

    /// <summary>As other modules read them.</summary>
    internal IReadOnlyList<OpenStretch> ToStretches() =>
        [
            .. Of(DayOfWeek.Monday, Monday),
            .. Of(DayOfWeek.Tuesday, Tuesday),
            .. Of(DayOfWeek.Wednesday, Wednesday),
            .. Of(DayOfWeek.Thursday, Thursday),
            .. Of(DayOfWeek.Friday, Friday),
            .. Of(DayOfWeek.Saturday, Saturday),
            .. Of(DayOfWeek.Sunday, Sunday),
        ];

    private static IEnumerable<OpenStretch> Of(DayOfWeek day, IReadOnlyList<OpenHours>? hours) =>
        (hours ?? []).Select(open => new OpenStretch((int)day, Minutes(open.Opens), Minutes(open.Closes)));

    /// <summary>Of <c>HH:mm</c>, which a <see cref="TimeOnly"/> cannot hold where it is <c>24:00</c>.</summary>
    private static int Minutes(string time) =>
        (int.Parse(time[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(time[3..], CultureInfo.InvariantCulture);
}

/// <summary>
/// One stretch of a day, as <c>HH:mm</c>; one that lasts to the end of the day closes at <c>24:00</c>.
/// </summary>
public sealed record OpenHours(string Opens, string Closes);
