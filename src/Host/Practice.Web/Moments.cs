using System.Globalization;

namespace Practice.Web;

/// <summary>Times as people write them, in the zone of a location or an account.</summary>
internal static class Moments
{
    /// <summary>Such as <c>Thu 26 Nov 2026, 3:30 pm</c>.</summary>
    public static string Text(DateTimeOffset at, string timeZone, bool dateOnly = false) =>
        In(at, timeZone)
            .ToString(dateOnly ? "ddd d MMM yyyy" : "ddd d MMM yyyy, h:mm tt", CultureInfo.InvariantCulture)
            .Replace(" AM", " am", StringComparison.Ordinal)
            .Replace(" PM", " pm", StringComparison.Ordinal);

    /// <summary>Such as <c>3:30 pm</c>.</summary>
    public static string Time(DateTimeOffset at, string timeZone) =>
        In(at, timeZone).ToString("h:mm tt", CultureInfo.InvariantCulture).ToLowerInvariant();

    /// <summary>Such as <c>26 Nov 2026</c>.</summary>
    public static string Text(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>5 minutes ago</c>; after a week the day.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) =>
        (now - at) switch
        {
            { TotalMinutes: < 1 } => "just now",
            { TotalMinutes: < 60 } past => Count((int)past.TotalMinutes, "minute"),
            { TotalHours: < 24 } past => Count((int)past.TotalHours, "hour"),
            { TotalDays: < 7 } past => Count((int)past.TotalDays, "day"),
            _ => $"on {Text(DateOnly.FromDateTime(at.UtcDateTime))}",
        };

    private static string Count(int number, string of) =>
        number == 1 ? $"{(of == "hour" ? "an" : "a")} {of} ago" : $"{number} {of}s ago";

    public static DateTimeOffset In(DateTimeOffset at, string timeZone) => TimeZoneInfo.ConvertTime(at, Zone(timeZone));

    /// <summary>When the day begins there. Some zones put their clocks forward at midnight: then with the first hour that there is.</summary>
    public static DateTimeOffset Beginning(DateOnly day, string timeZone)
    {
        var at = day.ToDateTime(TimeOnly.MinValue);
        while (At(at, timeZone) is null)
            at = at.AddMinutes(30);
        return At(at, timeZone)!.Value;
    }

    /// <summary>What people call a zone, such as <c>New York</c>.</summary>
    public static string Place(string timeZone) => timeZone[(timeZone.LastIndexOf('/') + 1)..].Replace('_', ' ');

    /// <summary>The moment at which clocks in the zone show this; null where they never do, as in an hour that is skipped.</summary>
    public static DateTimeOffset? At(DateTime local, string timeZone)
    {
        var zone = Zone(timeZone);
        return zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private static TimeZoneInfo Zone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
