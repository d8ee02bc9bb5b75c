using FluentValidation;

namespace Practice.PatientPortal.Domain.Records;

internal static class PlausibleTimes
{
    private const int First = 1900,
        Last = 2200;

    /// <summary>Whether a practice can mean this time.</summary>
    public static bool IsPlausible(DateTimeOffset time) => time.UtcDateTime.Year is >= First and < Last;

    public static IRuleBuilderOptions<T, DateTimeOffset?> PlausibleTime<T>(
        this IRuleBuilder<T, DateTimeOffset?> rule
    ) =>
        rule.Must(at => at is not { } time || IsPlausible(time))
            .WithMessage($"A time from the year {First} on, before {Last}.");
}
