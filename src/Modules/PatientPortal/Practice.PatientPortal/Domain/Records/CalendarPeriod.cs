namespace Practice.PatientPortal.Domain.Records;

internal static class CalendarPeriod
{
    private const int Week = 7;

    /// <summary>The period that a caller asks for: a week, unless they say where it ends.</summary>
    /// <param name="first">Where it begins: what was sent as <c>from</c>, else where the list begins by itself.</param>
    /// <param name="end">What was sent as <c>to</c>, if anything.</param>
    /// <param name="longest">The longest period of the list, in whole days.</param>
    public static ErrorOr<Period> Of(DateTimeOffset first, DateTimeOffset? end, TimeSpan longest)
    {
        if (!PlausibleTimes.IsPlausible(first))
            return ApiError.InvalidField("from", "The calendar does not reach this far.");
        var until = end ?? first.AddDays(Week);
        return until <= first || until - first > longest
            ? ApiError.InvalidField("to", $"After from, and at most {longest.Days} days later.")
            : new Period(first, until);
    }
}
