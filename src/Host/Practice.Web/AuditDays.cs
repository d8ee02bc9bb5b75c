using Practice.Time;

namespace Practice.Web;

/// <summary>The days that the audit is filtered by, in the practice's zone.</summary>
internal static class AuditDays
{
    private static readonly DateOnly First = new(IsoTime.FirstPlausibleYear, 1, 1);
    private static readonly DateOnly Last = new(IsoTime.LastPlausibleYear, 12, 31);

    /// <summary>The start or end of a day; null where none was chosen.</summary>
    public static DateTimeOffset? Edge(string? day, Func<DateOnly, string, DateTimeOffset> edge, string timeZone) =>
        QueryFilter.Day(day) is { } date ? edge(WithinReach(date), timeZone) : null;

    /// <summary>With a time and a zone, a date far from today could be out of range.</summary>
    private static DateOnly WithinReach(DateOnly day) =>
        day < First ? First
        : day > Last ? Last
        : day;
}
