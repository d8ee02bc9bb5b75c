using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

internal static class StillBooked
{
    /// <summary>The appointments of the group that are to come, and were not cancelled.</summary>
    public static IQueryable<Appointment> BookedFrom(
        this PatientPortalDbContext db,
        Guid groupId,
        DateTimeOffset now
    ) =>
        db.Appointments.Where(appointment =>
            appointment.GroupId == groupId
            && appointment.StartsAt > now
            && appointment.Status == AppointmentStatus.Booked
        );
}
