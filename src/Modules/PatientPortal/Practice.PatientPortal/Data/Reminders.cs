using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Reminders;

namespace Practice.PatientPortal.Data;

/// <summary>Appointments as their reminders find them: of the whole group, also those that no member may see.</summary>
internal static class Reminders
{
    /// <summary>Until then, the plan of an appointment that was booked or moved may still be to come.</summary>
    private static readonly TimeSpan PlannedWithin = TimeSpan.FromHours(1);

    /// <summary>More than the week that a reminder can be ahead.</summary>
    private static readonly TimeSpan MaxLeadTime = TimeSpan.FromDays(14);

    public static Task<Appointment?> LockForReminderAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid appointmentId,
        CancellationToken ct
    ) =>
        db
            .Appointments.FromSql(
                $"""
                select *, xmin from portal.appointments
                where group_id = {groupId} and id = {appointmentId} for update
                """
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>The patient of an appointment, which never changes: asked before the lock.</summary>
    public static Task<Patient?> FindPatientOfAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid appointmentId,
        CancellationToken ct
    ) =>
        db
            .Appointments.AsNoTracking()
            .Where(appointment => appointment.GroupId == groupId && appointment.Id == appointmentId)
            .Join(
                db.Patients.AsNoTracking(),
                appointment => appointment.PatientId,
                patient => patient.Id,
                (_, patient) => patient
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>The next appointments to come, in order, locked.</summary>
    public static Task<List<Appointment>> LockForRemindersAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        (DateTimeOffset StartsAt, Guid Id) after,
        int maxRows,
        CancellationToken ct
    ) =>
        db
            .Appointments.FromSql(
                $"""
                select *, xmin from portal.appointments
                where group_id = {groupId} and (starts_at, id) > ({after.StartsAt}, {after.Id}) and status = 'Booked'
                order by starts_at, id limit {maxRows} for update
                """
            )
            .ToListAsync(ct);

    public static Task<AppointmentReminder?> FindReminderAsync(
        this PatientPortalDbContext db,
        Guid appointmentId,
        CancellationToken ct
    ) => db.Reminders.SingleOrDefaultAsync(reminder => reminder.AppointmentId == appointmentId, ct);

    /// <summary>The reminder of an appointment that is locked; a new one where it has none.</summary>
    public static async Task<AppointmentReminder> GetReminderAsync(
        this PatientPortalDbContext db,
        Appointment appointment,
        CancellationToken ct
    ) => await db.FindReminderAsync(appointment.Id, ct) ?? db.Reminders.Add(AppointmentReminder.Of(appointment)).Entity;

    /// <summary>As <see cref="GetReminderAsync"/>, of many.</summary>
    public static async Task<IReadOnlyList<AppointmentReminder>> GetRemindersAsync(
        this PatientPortalDbContext db,
        IReadOnlyList<Appointment> appointments,
        CancellationToken ct
    )
    {
        var ids = appointments.Select(appointment => appointment.Id).ToList();
        var found = await db
            .Reminders.Where(reminder => ids.Contains(reminder.AppointmentId))
            .ToDictionaryAsync(reminder => reminder.AppointmentId, ct);
        return
        [
            .. appointments.Select(appointment =>
                found.GetValueOrDefault(appointment.Id) ?? db.Reminders.Add(AppointmentReminder.Of(appointment)).Entity
            ),
        ];
    }

    /// <summary>
    /// Appointments that nobody planned, as far as their reminders can be due soon: the others are found later.
    /// </summary>
    public static IQueryable<Appointment> UnplannedReminders(
        this PatientPortalDbContext db,
        Guid groupId,
        DateTimeOffset now
    )
    {
        var (soon, before) = (now + MaxLeadTime, now - PlannedWithin);
        return db
            .Appointments.AsNoTracking()
            .Where(appointment =>
                appointment.GroupId == groupId
                && appointment.StartsAt > now
                && appointment.StartsAt < soon
                && appointment.UpdatedAt < before
                && appointment.Status == AppointmentStatus.Booked
                && !db.Reminders.Any(reminder => reminder.AppointmentId == appointment.Id)
            );
    }
}
