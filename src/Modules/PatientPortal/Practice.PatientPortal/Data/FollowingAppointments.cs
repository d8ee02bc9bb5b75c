using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Appointments that are to come, or under way, and do not say yet what their location or practitioner is called now:
/// in order and locked, as their reminders find them.
/// </summary>
internal static class FollowingAppointments
{
    public static Task<List<Appointment>> LockWithOtherLocationAsync(
        this PatientPortalDbContext db,
        (Guid GroupId, Guid Id, string Name, string TimeZone) location,
        DateTimeOffset now,
        int maxRows,
        CancellationToken ct
    ) =>
        db
            .Appointments.FromSql(
                $"""
                select *, xmin from portal.appointments
                where group_id = {location.GroupId} and starts_at > {now - Appointment.MaxDurationEver}
                    and ends_at > {now}
                    and status in ('Booked', 'Arrived') and location_id = {location.Id}
                    and (location_name <> {location.Name} or location_time_zone is distinct from {location.TimeZone})
                order by starts_at, id limit {maxRows} for update
                """
            )
            .ToListAsync(ct);

    public static Task<List<Appointment>> LockWithOtherPractitionerAsync(
        this PatientPortalDbContext db,
        (Guid GroupId, Guid Id, string Name) practitioner,
        DateTimeOffset now,
        int maxRows,
        CancellationToken ct
    ) =>
        db
            .Appointments.FromSql(
                $"""
                select *, xmin from portal.appointments
                where group_id = {practitioner.GroupId} and starts_at > {now - Appointment.MaxDurationEver}
                    and ends_at > {now} and status in ('Booked', 'Arrived')
                    and practitioner_id = {practitioner.Id} and practitioner_name <> {practitioner.Name}
                order by starts_at, id limit {maxRows} for update
                """
            )
            .ToListAsync(ct);
}
