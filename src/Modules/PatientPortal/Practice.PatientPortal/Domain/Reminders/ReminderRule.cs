using Practice.Contracts.Groups;

namespace Practice.PatientPortal.Domain.Reminders;

/// <summary>Whether, how long before and how a practice reminds its patients of appointments.</summary>
internal sealed record ReminderRule(bool IsOn, TimeSpan Before, bool ByText)
{
    public static ReminderRule Of(GroupFacts group) =>
        new(group.RemindersEnabled, TimeSpan.FromHours(group.ReminderHoursBefore), group.RemindsByText);
}
