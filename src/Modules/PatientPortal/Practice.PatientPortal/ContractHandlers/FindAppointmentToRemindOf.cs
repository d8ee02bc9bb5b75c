using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Reminders;

namespace Practice.PatientPortal.ContractHandlers;

public static class FindAppointmentToRemindOfHandler
{
    public static async Task<AppointmentToRemindOf> Handle(
        FindAppointmentToRemindOf query,
        PatientPortalDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var booked = await db.BookedFrom(query.GroupId, now)
            .AsNoTracking()
            .SingleOrDefaultAsync(appointment => appointment.Id == query.AppointmentId, ct);
        if (booked is null || !ReminderRule.Of(await bus.GetGroupAsync(query.GroupId, ct)).IsOn)
            return new(null);
        // Of another time, or once clocks show this one otherwise, there is another reminder.
        var reminder = await db
            .Reminders.AsNoTracking()
            .SingleOrDefaultAsync(one => one.AppointmentId == booked.Id, ct);
        return new(reminder?.IsStill(booked, query.RemindedAt) == true ? booked.ToFacts(now) : null);
    }
}
