using System.Globalization;

namespace Practice.Web;

/// <summary>Times as people write them, in the zone of a location or an account.</summary>
internal static class Moments
{
    /// <summary>Such as <c>Thu 26 Nov 2026, 3:30 pm</c>.</summary>
    public static string Text(DateTimeOffset at, string timeZone, bool dateOnly = false) =>
        In(at, timeZone).ToString(dateOnly ? "ddd d MMM yyyy" : "ddd d MMM yyyy, h:mm tt", CultureInfo.InvariantCulture).Replace(" AM", " am", StringComparison.Ordinal).Replace(" PM", " pm", StringComparison.Ordinal);

    /// <summary>Such as <c>3:30 pm</c>.</summary>
    public static string Time(DateTimeOffset at, string timeZone) =>
        In(at, timeZone).ToString("h:mm tt", CultureInfo.InvariantCulture).ToLowerInvariant();

    /// <summary>Such as <c>26 Nov 2026</c>.</summary>
    public static string Text(DateOnly date) => date.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static DateTimeOffset In(DateTimeOffset at, string timeZone) => TimeZoneInfo.ConvertTime(at, Zone(timeZone));

    /// <summary>The moment at which clocks in the zone show this; null where they never do, as in an hour that is skipped.</summary>
    public static DateTimeOffset? At(DateTime local, string timeZone)
    {
        var zone = Zone(timeZone);
        return zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
