using System.Globalization;

namespace Practice.Web;

/// <summary>
/// Formats dates and times for people, in the zone of a location or an account, and for HTML and the API.
/// </summary>
internal static class DateFormat
{
    /// <summary>Such as <c>Thu 26 Nov 2026, 3:30 pm</c>.</summary>
    public static string Text(DateTimeOffset at, string timeZone, bool dateOnly = false) =>
        ToZone(at, timeZone)
            .ToString(dateOnly ? "ddd d MMM yyyy" : "ddd d MMM yyyy, h:mm tt", CultureInfo.InvariantCulture)
            .Replace(" AM", " am", StringComparison.Ordinal)
            .Replace(" PM", " pm", StringComparison.Ordinal);

    /// <summary>Such as <c>3:30 pm</c>.</summary>
    public static string Time(DateTimeOffset at, string timeZone) =>
        ToZone(at, timeZone).ToString("h:mm tt", CultureInfo.InvariantCulture).ToLowerInvariant();

    /// <summary>Such as <c>26 Nov 2026</c>.</summary>
    public static string Text(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>5 minutes ago</c>; after a week the date.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now) =>
        (now - at) switch
        {
            { TotalMinutes: < 1 } => "just now",
            { TotalMinutes: < 60 } past => Count((int)past.TotalMinutes, "minute"),
            { TotalHours: < 24 } past => Count((int)past.TotalHours, "hour"),
            { TotalDays: < 7 } past => Count((int)past.TotalDays, "day"),
            _ => $"on {Text(DateOnly.FromDateTime(at.UtcDateTime))}",
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

    public static DateTimeOffset ToZone(DateTimeOffset at, string timeZone) =>
        TimeZoneInfo.ConvertTime(at, Zone(timeZone));

    /// <summary>
    /// The start of the day. Some zones skip midnight when clocks go forward: then the first time that exists.
    /// </summary>
    public static DateTimeOffset StartOfDay(DateOnly day, string timeZone)
    {
        var at = day.ToDateTime(TimeOnly.MinValue);
        while (FromLocal(at, timeZone) is null)
            at = at.AddMinutes(30);
        return FromLocal(at, timeZone)!.Value;
    }

    /// <summary>
    /// The date of an address or a form; null where it is none. Far from today no date is taken: with a time and a zone
    /// it could be out of range.
    /// </summary>
    public static DateOnly? ParseDay(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is >= 1900 and < 2200
            ? day
            : null;

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

    /// <summary>The moment at which clocks in the zone show this time; null where they skip it.</summary>
    public static DateTimeOffset? FromLocal(DateTime local, string timeZone)
    {
        var zone = Zone(timeZone);
        return zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private static TimeZoneInfo Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
