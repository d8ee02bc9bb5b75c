using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

internal static class StillBooked
{
    /// <summary>Those that are still to be kept, or under way.</summary>
    public static IQueryable<Appointment> Upcoming(this IQueryable<Appointment> appointments, DateTimeOffset now)
    {
        var earliest = now - Appointment.MaxDurationEver; // the index of the practice begins there
        return appointments.Where(appointment =>
            appointment.StartsAt > earliest
            && appointment.EndsAt > now
            && (appointment.Status == AppointmentStatus.Booked || appointment.Status == AppointmentStatus.Arrived)
        );
    }

    /// <summary>All others: what is over, and what will not take place.</summary>
    public static IQueryable<Appointment> NotUpcoming(this IQueryable<Appointment> appointments, DateTimeOffset now) =>
        appointments.Where(appointment =>
            appointment.EndsAt <= now
            || (appointment.Status != AppointmentStatus.Booked && appointment.Status != AppointmentStatus.Arrived)
        );

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
