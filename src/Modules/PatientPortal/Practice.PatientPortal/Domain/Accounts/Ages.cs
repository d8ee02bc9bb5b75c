namespace Practice.PatientPortal.Domain.Accounts;

/// <summary>When a person reaches an age and when a day begins.</summary>
internal static class Ages
{
    /// <summary>The birthday on which a person reaches an age. 29 February counts as the 28th.</summary>
    public static DateOnly Reached(DateOnly dateOfBirth, int age) =>
        (dateOfBirth is { Month: 2, Day: 29 } ? dateOfBirth.AddDays(-1) : dateOfBirth).AddYears(age);

    /// <summary>
    /// The first moment of a day: midnight, or the moment after the clocks went forward over midnight.
    /// </summary>
    public static DateTimeOffset BeginningOf(DateOnly day, string timeZone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    public static DateOnly Today(DateTimeOffset now, string timeZone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).DateTime);

    /// <summary>
    /// The moment at which a last day, included, is over. Null for never; so is the last day that a date can be, which
    /// earlier versions accepted.
    /// </summary>
    public static DateTimeOffset? EndOf(DateOnly? lastDay, string timeZone) =>
        lastDay is { } day && day < DateOnly.MaxValue ? BeginningOf(day.AddDays(1), timeZone) : null;
}
