using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Domain.Reminders;

/// <summary>
/// Scheduled for when a reminder is due. It is the appointment that knows when that is: a message for another time, of
/// before a move or a change of the practice's settings, does nothing.
/// </summary>
public sealed record RemindPatient(Guid GroupId, Guid AppointmentId, DateTimeOffset DueAt) : Message, IInGroup;

/// <summary>
/// Plans the reminders of a practice's appointments again, a batch at a time: its settings have changed, or there are
/// appointments that nobody planned.
/// </summary>
/// <param name="AfterStart">The appointment that the batch before ended with; null for the first batch.</param>
public sealed record PlanReminders(Guid GroupId, DateTimeOffset? AfterStart, Guid? AfterId) : Message, IInGroup;

internal static class ReminderSchedule
{
    /// <summary>
    /// Plans the appointment's reminder. The message is stored with the plan: a restart loses neither.
    /// </summary>
    public static async Task PlanReminderAsync(
        this IMessageContext messages,
        AppointmentReminder reminder,
        Appointment appointment,
        ReminderRule rule,
        DateTimeOffset now,
        bool justTold = false
    )
    {
        if (reminder.Plan(appointment, rule, now, justTold) is { } due)
            await messages.ScheduleReminderAsync(new(appointment.GroupId, appointment.Id, due), now);
    }

    public static async Task ScheduleReminderAsync(
        this IMessageContext messages,
        RemindPatient reminder,
        DateTimeOffset now
    )
    {
        if (reminder.DueAt > now)
            await messages.ScheduleAsync(reminder, reminder.DueAt - now);
        else
            await messages.PublishAsync(reminder);
    }
}
