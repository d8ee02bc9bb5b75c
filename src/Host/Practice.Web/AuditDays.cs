namespace Practice.Web;

/// <summary>The days that the audit is filtered by, in the practice's zone.</summary>
internal static class AuditDays
{
    /// <summary>The start or end of a day, in the format of the API; null where none was chosen.</summary>
    public static string? Edge(string? day, Func<DateOnly, string, DateTimeOffset> edge, string timeZone) =>
        DateFormat.ParseDay(day) is { } date ? edge(date, timeZone).ToIsoUtc() : null;
}
