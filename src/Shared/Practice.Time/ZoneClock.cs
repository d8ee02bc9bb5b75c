namespace Practice.Time;

/// <summary>
/// Days and clock times in a time zone. Everything is found from the instants: <see cref="TimeZoneInfo"/> answers those
/// without doubt, while of a clock time that occurs twice it silently takes the second.
/// </summary>
public static class ZoneClock
{
    /// <summary>The same instant, as clocks in the zone show it.</summary>
    public static DateTimeOffset In(this TimeZoneInfo zone, DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone);

    /// <summary>
    /// Whether the zone's clocks are put back from its standard time for a part of the year, as in Dublin.
    /// </summary>
    public static bool HasShorterTime(this TimeZoneInfo zone) =>
        zone.GetAdjustmentRules().Any(rule => rule.DaylightDelta < TimeSpan.Zero);

    /// <summary>The date that calendars in the zone show.</summary>
    public static DateOnly DayOf(this TimeZoneInfo zone, DateTimeOffset at) =>
        DateOnly.FromDateTime(zone.In(at).DateTime);

    /// <summary>
    /// The instants at which clocks show this time, the first one first: none where clocks go forward over it, two
    /// where they go back over it.
    /// </summary>
    public static IReadOnlyList<DateTimeOffset> InstantsOf(this TimeZoneInfo zone, DateTime local)
    {
        // The offsets of a day earlier and a day later are the only ones that clocks can have at this time.
        return
        [
            .. new[] { OffsetNear(-1), OffsetNear(1) }
                .Distinct()
                .Select(offset => new DateTimeOffset(local, offset))
                .Where(at => zone.GetUtcOffset(at) == at.Offset)
                .Order(),
        ];

        TimeSpan OffsetNear(int days)
        {
            var ticks = local.Ticks + (days * TimeSpan.TicksPerDay);
            var near = Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
            return zone.GetUtcOffset(new DateTimeOffset(near, TimeSpan.Zero));
        }
    }

    /// <summary>The first instant at which clocks show this time, or the next time that they do show.</summary>
    public static DateTimeOffset FirstFrom(this TimeZoneInfo zone, DateTime local)
    {
        if (zone.InstantsOf(local) is [var at, ..])
            return at;
        var next = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
        while (true)
        {
            next = next.AddMinutes(1);
            if (zone.InstantsOf(next) is [var found, ..])
                return found;
        }
    }

    /// <summary>The first instant of the day; some zones skip midnight, others have it twice.</summary>
    public static DateTimeOffset StartOf(this TimeZoneInfo zone, DateOnly day) =>
        zone.FirstFrom(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>
    /// The instant after the last one of the day. Where clocks went back over midnight, a part of the next day lies
    /// before it: ask <see cref="DayOf"/> too.
    /// </summary>
    public static DateTimeOffset EndOf(this TimeZoneInfo zone, DateOnly day)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return zone.InstantsOf(midnight) is [.., var last] ? last : zone.FirstFrom(midnight);
    }
}
