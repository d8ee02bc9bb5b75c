using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// A practitioner may have two appointments at one time: couples, groups and urgent patients are booked like that on
/// purpose. The member who books is told, and decides.
/// </summary>
internal static class OverlappingAppointments
{
    private const int Most = 20;

    /// <summary>The booked appointments that overlap this one, as far as the caller may see them.</summary>
    public static Task<List<Guid>> FindOverlapsAsync(
        this PatientPortalDbContext db,
        Appointment booked,
        CancellationToken ct
    )
    {
        var earliest = booked.StartsAt - Booking.Longest; // an appointment that started earlier is over
        return db.VisibleToCaller(
                db.Appointments.AsNoTracking()
                    .Where(other =>
                        other.GroupId == booked.GroupId
                        && other.PractitionerId == booked.PractitionerId
                        && other.Id != booked.Id
                        && other.Status == AppointmentStatus.Booked
                        && other.StartsAt > earliest
                        && other.StartsAt < booked.EndsAt
                        && other.EndsAt > booked.StartsAt
                    )
            )
            .Where(other => db.VisiblePatients(booked.GroupId).Any(patient => patient.Id == other.PatientId))
            .OrderBy(other => other.StartsAt)
            .ThenBy(other => other.Id)
            .Take(Most)
            .Select(other => other.Id)
            .ToListAsync(ct);
    }
}
