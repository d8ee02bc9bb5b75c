using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>An appointment that is about to be booked.</summary>
internal sealed record Booking(
    Guid PractitionerId,
    Guid LocationId,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Reason
)
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static bool IsLength(DateTimeOffset startsAt, DateTimeOffset endsAt) =>
        endsAt > startsAt && endsAt - startsAt <= Longest;

    /// <summary>
    /// The appointment, unless it is for somebody else's calendar without <see cref="Access.OthersCalendars"/>, the practitioner is none
    /// of the group's, or the location takes no work.
    /// </summary>
    public async Task<ErrorOr<Appointment>> MakeAsync(
        Patient patient,
        Caller caller,
        IModuleBus bus,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (PractitionerId != caller.UserId && !caller.May(Access.OthersCalendars))
            return AuthorizationErrors.NotAllowed;
        if (!IsLength(StartsAt, EndsAt))
            return PortalErrors.AppointmentLength;
        if (
            await bus.FindMemberAsync(patient.GroupId, PractitionerId, ct)
            is not { Active: true, Practitioner: true } practitioner
        )
            return PortalErrors.UnknownPractitioner;
        var location = await bus.FindLocationAsync(caller, patient.GroupId, LocationId, ct);
        return location.IsError
            ? location.Errors
            : Appointment.Book(
                patient,
                (practitioner.UserId, practitioner.Name),
                (location.Value.LocationId, location.Value.Name, location.Value.TimeZone),
                StartsAt.ToUniversalTime(),
                EndsAt.ToUniversalTime(),
                Reason,
                now
            );
    }
}

/// <summary>
/// The same practitioner twice at one time is allowed: couples, groups and urgent patients are booked so on purpose. Whoever books
/// is told, and decides.
/// </summary>
internal static class Overlaps
{
    private const int Most = 20;

    /// <summary>The booked appointments, as far as the caller sees them, that this one overlaps.</summary>
    public static Task<List<Guid>> FindOverlapsAsync(
        this PatientPortalDbContext db,
        Appointment booked,
        CancellationToken ct
    )
    {
        var earliest = booked.StartsAt - Booking.Longest; // what began before is over
        return db.Seen(
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
            .Where(other => db.SeenPatients(booked.GroupId).Any(patient => patient.Id == other.PatientId))
            .OrderBy(other => other.StartsAt)
            .ThenBy(other => other.Id)
            .Take(Most)
            .Select(other => other.Id)
            .ToListAsync(ct);
    }

    public static void TellOverlaps(this HttpContext http, IReadOnlyList<Guid> ids)
    {
        if (ids.Count > 0)
            http.Response.Headers[ResponseHeaders.OverlappingAppointments] = string.Join(", ", ids);
    }
}
