namespace Practice.Web;

/// <summary>The days that the audit is filtered by, in the practice's zone.</summary>
internal static class AuditDays
{
    /// <summary>The start or end of a day; null where none was chosen.</summary>
    public static DateTimeOffset? Edge(string? day, Func<DateOnly, string, DateTimeOffset> edge, string timeZone) =>
        QueryFilter.Day(day) is { } date ? edge(date, timeZone) : null;
}
