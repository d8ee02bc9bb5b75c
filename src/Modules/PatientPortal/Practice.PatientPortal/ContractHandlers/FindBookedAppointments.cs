using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.ContractHandlers;

public static class FindBookedAppointmentsHandler
{
    public static async Task<BookedAppointmentsAnswer> Handle(
        FindBookedAppointments query,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        new(
            await db.BookedFrom(query.GroupId, clock.GetUtcNow())
                .Where(appointment => query.PractitionerIds.Contains(appointment.PractitionerId))
                .GroupBy(appointment => appointment.PractitionerId)
                .Select(booked => new BookedWithPractitioner(
                    booked.Key,
                    booked.Count(),
                    booked.Min(appointment => appointment.StartsAt),
                    booked
                        .OrderBy(appointment => appointment.StartsAt)
                        .Select(appointment => appointment.LocationTimeZone)
                        .First()
                ))
                .ToListAsync(ct)
        );
}
