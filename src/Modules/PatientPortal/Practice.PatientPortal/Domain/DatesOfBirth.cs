using FluentValidation;

namespace Practice.PatientPortal.Domain;

internal static class DatesOfBirth
{
    private const int OldestAge = 130;

    /// <summary>Required, not after today (anywhere on earth), and within the longest human life.</summary>
    public static IRuleBuilderOptions<T, DateOnly?> DateOfBirth<T>(
        this IRuleBuilder<T, DateOnly?> rule,
        TimeProvider clock
    ) =>
        rule.Required()
            .Must(date => date is not { } day || IsPlausible(day, clock.GetUtcNow()))
            .WithMessage($"Enter a date of birth in the last {OldestAge} years.");

    internal static bool IsPlausible(DateOnly day, DateTimeOffset now)
    {
        var latest = DateOnly.FromDateTime(now.UtcDateTime.AddHours(14));
        return day <= latest && day >= latest.AddYears(-OldestAge);
    }
}
