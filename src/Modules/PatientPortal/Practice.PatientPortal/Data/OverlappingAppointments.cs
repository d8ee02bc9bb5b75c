using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// One practitioner and one room have one appointment at a time. Couples, groups and urgent patients are booked
/// together on purpose, so the member who books may allow it (docs/adr/0030).
/// </summary>
internal static class OverlappingAppointments
{
    private const int MaxAppointments = 20;

    /// <summary>
    /// What the booked appointment overlaps, or the error if that was not allowed. Until the end of the transaction
    /// nobody else books this practitioner or this room.
    /// </summary>
    public static async Task<ErrorOr<Overlaps>> CheckOverlapsAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        Appointment booked,
        bool allow,
        CancellationToken ct
    )
    {
        await db.LockSlotAsync(booked, ct);
        var slot = booked.Slot;
        List<AppointmentSlot> with;
        List<Guid> ids;
        using (work.ActAsSystemIn(booked.GroupId)) // what the caller does not see takes up time all the same
        {
            var others = await db.TakingUpTime(booked.GroupId, slot.StartsAt, slot.EndsAt)
                .Where(other =>
                    other.Id != booked.Id
                    && (
                        other.PractitionerId == slot.PractitionerId
                        || (slot.Room != null && other.Room != null && other.LocationId == slot.LocationId)
                    )
                )
                .ToListAsync(ct);
            others.RemoveAll(other => other.PractitionerId != slot.PractitionerId && !other.Slot.IsInRoomOf(slot));
            (with, ids) = ([.. others.Select(other => other.Slot)], [.. others.Select(other => other.Id)]);
        }

        if (with.Count == 0)
            return Overlaps.None;

        var visible = await db.VisibleToCaller(
                db.Appointments.AsNoTracking().Where(other => other.GroupId == booked.GroupId && ids.Contains(other.Id))
            )
            .Where(other => db.VisiblePatients(booked.GroupId).Any(patient => patient.Id == other.PatientId))
            .OrderBy(other => other.StartsAt)
            .ThenBy(other => other.Id)
            .Take(MaxAppointments)
            .Select(other => other.Id)
            .ToListAsync(ct);
        var overlaps = new Overlaps(
            with.Exists(other => other.PractitionerId == slot.PractitionerId),
            with.Exists(slot.IsInRoomOf),
            visible
        );
        return allow ? overlaps : PortalErrors.OverlapsWith(overlaps);
    }

    /// <summary>
    /// The appointments of the group that take up time between the two instants: all but those that were cancelled or
    /// that nobody came to.
    /// </summary>
    public static IQueryable<Appointment> TakingUpTime(
        this PatientPortalDbContext db,
        Guid groupId,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        // An appointment that started earlier is over. The index ends the search.
        var earliest = from - Appointment.MaxDurationEver;
        return db
            .Appointments.AsNoTracking()
            .Where(appointment =>
                appointment.GroupId == groupId
                && appointment.Status != AppointmentStatus.Cancelled
                && appointment.Status != AppointmentStatus.NoShow
                && appointment.StartsAt > earliest
                && appointment.StartsAt < to
                && appointment.EndsAt > from
            );
    }
}
