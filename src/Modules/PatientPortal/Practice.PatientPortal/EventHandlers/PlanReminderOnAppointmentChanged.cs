using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Reminders;
using Wolverine;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>
/// Schedules the reminder of an appointment that was booked or moved. A reminder that is due finds for itself that its
/// appointment was cancelled.
/// </summary>
public static class PlanReminderOnAppointmentChangedHandler
{
    public static async Task Handle(
        AppointmentChanged changed,
        PatientPortalDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (changed.Update is AppointmentUpdate.Cancelled or AppointmentUpdate.RequestDeclined)
            return;
        var rule = ReminderRule.Of(await bus.GetGroupAsync(changed.GroupId, ct));
        var now = clock.GetUtcNow();
        if (await db.LockForReminderAsync(changed.GroupId, changed.Appointment.Id, ct) is not { } appointment)
            return;
        var reminder = await db.GetReminderAsync(appointment, ct);
        await messages.PlanReminderAsync(reminder, appointment, rule, now, justTold: true);

        // Booked by a release that planned none.
        if (
            rule.IsOn
            && await db.UnplannedReminders(changed.GroupId, now)
                .AnyAsync(unplanned => unplanned.Id != appointment.Id, ct)
        )
            await messages.PublishAsync(new PlanReminders(changed.GroupId, null, null));
    }
}
