using Practice.PatientPortal.Domain;
using Practice.Shared.Authority;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>An appointment that is about to be booked.</summary>
internal sealed record Booking(Guid PractitionerId, Guid LocationId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? Reason)
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static bool IsLength(DateTimeOffset startsAt, DateTimeOffset endsAt) => endsAt > startsAt && endsAt - startsAt <= Longest;

    /// <summary>
    /// The appointment, unless it is for somebody else's calendar without <see cref="Access.OthersCalendars"/>, the practitioner is none
    /// of the group's, or the location takes no work.
    /// </summary>
    public async Task<ErrorOr<Appointment>> MakeAsync(Patient patient, Caller caller, Commands commands, DateTimeOffset now, CancellationToken ct)
    {
        if (PractitionerId != caller.UserId && !caller.May(Access.OthersCalendars))
            return Refusals.NotAllowed;
        if (!IsLength(StartsAt, EndsAt))
            return PortalRefusals.AppointmentLength;
        if (await commands.FindMemberAsync(patient.GroupId, PractitionerId, ct) is not { Active: true, Practitioner: true } practitioner)
            return PortalRefusals.UnknownPractitioner;
        var location = await commands.FindLocationAsync(caller, patient.GroupId, LocationId, ct);
        return location.IsError ? location.Errors : Appointment.Book(
            patient, (practitioner.UserId, practitioner.Name), (location.Value.LocationId, location.Value.Name),
            StartsAt.ToUniversalTime(), EndsAt.ToUniversalTime(), Reason, now);
    }
}
