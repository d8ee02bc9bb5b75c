using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.ContractHandlers;

public static class FindAppointmentToRemindOfHandler
{
    public static async Task<AppointmentToRemindOf> Handle(
        FindAppointmentToRemindOf query,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var booked = await db.BookedFrom(query.GroupId, now)
            .AsNoTracking()
            .SingleOrDefaultAsync(appointment => appointment.Id == query.AppointmentId, ct);
        return new(booked?.ToFacts(now));
    }
}
