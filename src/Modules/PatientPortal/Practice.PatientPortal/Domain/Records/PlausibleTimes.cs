using FluentValidation;
using Practice.Time;

namespace Practice.PatientPortal.Domain.Records;

internal static class PlausibleTimes
{
    private const int First = IsoTime.FirstPlausibleYear,
        Last = IsoTime.LastPlausibleYear;

    /// <summary>For people who sent another day.</summary>
    public static string DaySentence { get; } = $"Enter a date from {First} to {Last}.";

    /// <summary>Whether a practice can mean this time.</summary>
    public static bool IsPlausible(DateTimeOffset time) => time.UtcDateTime.Year is >= First and <= Last;

    public static IRuleBuilderOptions<T, DateTimeOffset?> PlausibleTime<T>(
        this IRuleBuilder<T, DateTimeOffset?> rule
    ) => rule.Must(at => at is not { } time || IsPlausible(time)).WithMessage($"Enter a time from {First} to {Last}.");

    /// <summary>Of what has happened. A day ahead is allowed, because clocks and time zones differ.</summary>
    public static IRuleBuilderOptions<T, DateTimeOffset?> NotInTheFuture<T>(
        this IRuleBuilder<T, DateTimeOffset?> rule,
        TimeProvider clock
    ) =>
        rule.Must(at => at is not { } time || !IsPlausible(time) || time <= clock.GetUtcNow().AddDays(1))
            .WithMessage("This time is in the future. Enter when it happened.");

    public static IRuleBuilderOptions<T, DateOnly?> PlausibleDay<T>(this IRuleBuilder<T, DateOnly?> rule) =>
        rule.Must(day => day is null || IsoTime.IsPlausible(day.Value)).WithMessage(DaySentence);

    /// <summary>
    /// Of a last or due day. Later ones are typing errors, and the day after the last one that a date can be overflows.
    /// </summary>
    public static IRuleBuilderOptions<T, DateOnly?> PlausibleEnd<T>(this IRuleBuilder<T, DateOnly?> rule) =>
        rule.Must(end => end is null || end.Value.Year <= Last).WithMessage($"Enter a date before {Last + 1}.");
}
