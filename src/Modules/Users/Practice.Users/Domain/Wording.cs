using System.Globalization;
using Practice.Contracts.PatientPortal;
using Practice.Time;

namespace Practice.Users.Domain;

/// <summary>How emails and notifications write roles, dates and numbers.</summary>
internal static class Wording
{
    public static string Of(PortalRole role) =>
        role switch
        {
            PortalRole.View => "view only",
            PortalRole.Edit => "view and edit",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    public static string Date(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A day with its weekday: <c>Tuesday, 1 December 2026</c>.</summary>
    public static string Weekday(DateOnly day) => day.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A time on clocks of the zone: <c>Tuesday, 1 December 2026, 09:00</c>.</summary>
    public static string In(DateTimeOffset at, string timeZone) =>
        TimeZoneInfo
            .FindSystemTimeZoneById(timeZone)
            .In(at)
            .ToString("dddd, d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>From when to when, with the zone's city.</summary>
    public static string Stretch(DateTimeOffset from, DateTimeOffset? to, string timeZone)
    {
        var city = timeZone[(timeZone.LastIndexOf('/') + 1)..].Replace('_', ' ');
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var end =
            to is not { } until ? ""
            : zone.DayOf(until) == zone.DayOf(from)
                ? $" to {zone.In(until).ToString("HH:mm", CultureInfo.InvariantCulture)}"
            : $" to {In(until, timeZone)}";
        return $"{In(from, timeZone)}{end} ({city} time)";
    }

    public static string Texts(int count) =>
        count == 1 ? "1 text message" : string.Create(CultureInfo.InvariantCulture, $"{count} text messages");

    public static string Days(int days) =>
        days == 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{days} days");
}
