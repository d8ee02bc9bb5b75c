using System.Globalization;
using Practice.Time;

namespace Practice.Web;

/// <summary>
/// Formats dates and times for people, in the zone of a location or an account, and for HTML and the API.
/// </summary>
internal static class DateFormat
{
    /// <summary>Such as <c>Thu 26 Nov 2026, 3:30 pm</c>; of a time that occurs twice, which one it is.</summary>
    public static string Text(DateTimeOffset at, string timeZone, bool dateOnly = false) =>
        dateOnly
            ? ToZone(at, timeZone).ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture)
            : $"{ToZone(at, timeZone).ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture)}, {Time(at, timeZone)}";

    /// <summary>As <see cref="Text(DateTimeOffset, string, bool)"/>, with the zone.</summary>
    public static string WithZone(DateTimeOffset at, string timeZone) =>
        $"{Text(at, timeZone)} ({ZoneName(timeZone)} time)";

    /// <summary>Such as <c>3:30 pm</c>; of a time that occurs twice, which one it is.</summary>
    public static string Time(DateTimeOffset at, string timeZone)
    {
        var local = ToZone(at, timeZone);
        var which = InstantsOf(local.DateTime, timeZone) is [var first, _]
            ? at == first
                ? " (the first)"
                : " (the second)"
            : "";
        return TimeOfDay(local.DateTime) + which;
    }

    /// <summary>Such as <c>3:30 pm</c>.</summary>
    public static string TimeOfDay(DateTime local) =>
        local.ToString("h:mm tt", CultureInfo.InvariantCulture).ToLowerInvariant();

    /// <summary>Such as <c>26 Nov 2026</c>.</summary>
    public static string Text(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>5 minutes ago</c>; after a week <c>on</c> its date.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now, Func<DateTimeOffset, string> dateOf) =>
        (now - at) switch
        {
            { TotalMinutes: < 1 } => "just now",
            { TotalMinutes: < 60 } past => Count((int)past.TotalMinutes, "minute"),
            { TotalHours: < 24 } past => Count((int)past.TotalHours, "hour"),
            { TotalDays: < 7 } past => Count((int)past.TotalDays, "day"),
            _ => $"on {dateOf(at)}",
        };

    private static string Count(int number, string unit) =>
        number == 1 ? $"{(unit == "hour" ? "an" : "a")} {unit} ago" : $"{number} {unit}s ago";

    /// <summary>Such as <c>in 3 hours</c>.</summary>
    public static string InHours(DateTimeOffset at, DateTimeOffset now) =>
        (at - now).TotalHours switch
        {
            <= 0 => "now",
            <= 1 => "in less than an hour",
            var hours => string.Create(CultureInfo.InvariantCulture, $"in {Math.Ceiling(hours)} hours"),
        };

    /// <summary>Such as <c>2026-11-26</c>, as date inputs and the API take it.</summary>
    public static string ToIsoDate(this DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="ToIsoDate(DateOnly)"/>
    public static string ToIsoDate(this DateTimeOffset local) =>
        local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>15:30</c>, as time inputs take it.</summary>
    public static string ToIsoTime(this DateTimeOffset local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2026-11-26T04:30:00Z</c>.</summary>
    public static string ToIsoUtc(this DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="ZoneClock.In"/>
    public static DateTimeOffset ToZone(DateTimeOffset at, string timeZone) => Zone(timeZone).In(at);

    /// <summary>The date that calendars in the zone show.</summary>
    public static DateOnly DayOf(DateTimeOffset at, string timeZone) => Zone(timeZone).DayOf(at);

    /// <inheritdoc cref="ZoneClock.StartOf"/>
    public static DateTimeOffset StartOfDay(DateOnly day, string timeZone) => Zone(timeZone).StartOf(day);

    /// <inheritdoc cref="ZoneClock.EndOf"/>
    public static DateTimeOffset EndOfDay(DateOnly day, string timeZone) => Zone(timeZone).EndOf(day);

    /// <summary>
    /// The date of an address or a form; null where it is none. Far from today no date is taken: with a time and a zone
    /// it could be out of range.
    /// </summary>
    public static DateOnly? ParseDay(string? text) =>
        IsoTime.Day(text) is { } day && IsoTime.IsPlausible(day) ? day : null;

    /// <summary>The time of a form; null where it is none.</summary>
    public static TimeOnly? ParseTime(string? text) =>
        TimeOnly.TryParseExact(
            text,
            ["HH:mm", "HH:mm:ss"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time
        )
            ? time
            : null;

    /// <summary>
    /// What an input shows a value with: a browser's date or time input drops text that it cannot read, and the person
    /// could not correct it.
    /// </summary>
    public static string InputTypeFor(string type, string? value) =>
        type switch
        {
            "date" when value is not null && ParseDay(value) is null => "text",
            "time" when value is not null && ParseTime(value) is null => "text",
            _ => type,
        };

    /// <summary>
    /// What the page's script says where a browser's date or time input is filled in only in part; null for others.
    /// </summary>
    public static string? UnreadableIn(string type) =>
        type switch
        {
            "date" => "This is not a date. Enter a day, a month and a year.",
            "time" => "This is not a time. Enter hours and minutes.",
            _ => null,
        };

    /// <summary>A zone's name for people, such as <c>New York</c>.</summary>
    public static string ZoneName(string timeZone) => timeZone[(timeZone.LastIndexOf('/') + 1)..].Replace('_', ' ');

    /// <inheritdoc cref="ZoneClock.InstantsOf"/>
    public static IReadOnlyList<DateTimeOffset> InstantsOf(DateTime local, string timeZone) =>
        Zone(timeZone).InstantsOf(local);

    /// <summary>The next time that clocks in the zone do show.</summary>
    public static DateTime NextAfterGap(DateTime local, string timeZone) => Zone(timeZone).FirstFrom(local).DateTime;

    private static TimeZoneInfo Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
