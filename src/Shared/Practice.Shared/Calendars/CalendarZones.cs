using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Practice.Time;

namespace Practice.Shared.Calendars;

/// <summary>
/// The times of a calendar for other programs (RFC 5545): clock times with the rules of their zone, so that a
/// program can show the zone. What readers would take wrong is an instant instead: a clock time that occurs
/// twice, and the times of zones whose clocks go back from the standard time for a part of the year, as in
/// Dublin, whose rules Ical.Net writes the other way round.
/// </summary>
public sealed class CalendarZones
{
    /// <summary>Rules before this year concern no appointment.</summary>
    private static readonly DateTime RulesSince = new(2009, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly HashSet<string> _used = [];

    public static CalDateTime Utc(DateTimeOffset at) => new(at.UtcDateTime);

    public CalDateTime TimeOf(DateTimeOffset at, string zoneId)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var local = zone.In(at).DateTime;
        if (zoneId == "UTC" || zone.HasShorterTime() || zone.InstantsOf(local) is not [_])
            return Utc(at);
        _used.Add(zoneId);
        return new CalDateTime(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), zoneId);
    }

    /// <summary>
    /// Adds the rules of the zones that were used. Ical.Net writes them only for a zone that it is asked for by its id.
    /// </summary>
    public void AddTo(Calendar calendar)
    {
        foreach (var zone in _used.Order(StringComparer.Ordinal))
            calendar.AddTimeZone(VTimeZone.FromDateTimeZone(zone, RulesSince, true));
    }

    /// <summary>
    /// Without characters that break a line, and those beyond the basic plane: folding cuts them in half.
    /// </summary>
    public static string Text(string text) =>
        string.Concat(text.Where(letter => !char.IsControl(letter) && !char.IsSurrogate(letter)));
}
