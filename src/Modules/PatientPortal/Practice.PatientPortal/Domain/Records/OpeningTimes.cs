using Practice.Contracts.Locations;
using Practice.Time;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>A stretch of time; the end does not belong to it.</summary>
internal readonly record struct Period(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>The opening hours of a location as instants, right on days when clocks change.</summary>
internal static class OpeningTimes
{
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(5);

    /// <summary>Whether the location is open all the time. One whose hours nobody has entered is.</summary>
    public static bool AreOpen(LocationFacts location, DateTimeOffset from, DateTimeOffset to) =>
        location.Hours is null || Of(location, from, to).Any(open => open.StartsAt <= from && to <= open.EndsAt);

    /// <summary>
    /// When the location is open on the days of these two instants, in order. Stretches that touch are one.
    /// </summary>
    public static IReadOnlyList<Period> Of(LocationFacts location, DateTimeOffset from, DateTimeOffset to)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(location.TimeZone);
        var merged = new List<Period>();
        for (var day = zone.DayOf(from); day <= zone.DayOf(to); day = day.AddDays(1))
        {
            foreach (var stretch in location.Hours ?? [])
            {
                if (stretch.Day != (int)day.DayOfWeek)
                    continue;
                var (opens, closes) = (FirstOf(day, stretch.OpensAt), LastOf(day, stretch.ClosesAt));
                if (merged is [.., var last] && opens <= last.EndsAt)
                    merged[^1] = last with { EndsAt = Later(last.EndsAt, closes) };
                else if (opens < closes) // clocks may skip all of it
                    merged.Add(new(opens, closes));
            }
        }

        return merged;

        DateTimeOffset FirstOf(DateOnly day, int minutes) => zone.FirstFrom(Local(day, minutes));

        DateTimeOffset LastOf(DateOnly day, int minutes) =>
            zone.InstantsOf(Local(day, minutes)) is [.., var last] ? last : zone.FirstFrom(Local(day, minutes));

        static DateTime Local(DateOnly day, int minutes) => day.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes);
    }

    /// <summary>
    /// The free stretches of this length, one after the other from the beginning of each gap between what is booked.
    /// </summary>
    /// <param name="open">In order, apart from each other.</param>
    /// <param name="booked">By their start.</param>
    public static IEnumerable<Period> Free(
        IReadOnlyList<Period> open,
        IReadOnlyList<Period> booked,
        Period within,
        TimeSpan length
    )
    {
        foreach (var stretch in open)
        {
            var at = stretch.StartsAt < within.StartsAt ? RoundUp(within.StartsAt) : stretch.StartsAt;
            var end = stretch.EndsAt < within.EndsAt ? stretch.EndsAt : within.EndsAt;
            foreach (var busy in booked.Where(busy => busy.EndsAt > stretch.StartsAt).Append(new(end, end)))
            {
                for (; at + length <= Earlier(busy.StartsAt, end); at += length)
                    yield return new(at, at + length);
                at = Later(at, busy.EndsAt);
            }
        }
    }

    /// <summary>Nobody books at 10:07:23.</summary>
    private static DateTimeOffset RoundUp(DateTimeOffset at) =>
        at.Ticks % Grain.Ticks is var over && over == 0 ? at : at.AddTicks(Grain.Ticks - over);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
