using Practice.Time;

namespace Practice.PatientPortal.Domain.Accounts;

/// <summary>When a day of a time zone begins and ends.</summary>
internal static class PortalDays
{
    /// <summary>
    /// The first moment of a day: midnight, or the moment after the clocks went forward over midnight.
    /// </summary>
    public static DateTimeOffset BeginningOf(DateOnly day, string timeZone) =>
        TimeZoneInfo.FindSystemTimeZoneById(timeZone).StartOf(day).ToUniversalTime();

    public static DateOnly Today(DateTimeOffset now, string timeZone) =>
        TimeZoneInfo.FindSystemTimeZoneById(timeZone).DayOf(now);

    /// <summary>
    /// The moment at which a last day, included, is over. Null for never; so is the last day that a date can be, which
    /// earlier versions accepted.
    /// </summary>
    public static DateTimeOffset? EndOf(DateOnly? lastDay, string timeZone) =>
        lastDay is { } day && day < DateOnly.MaxValue ? BeginningOf(day.AddDays(1), timeZone) : null;
}
