using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>An appointment to be booked.</summary>
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
    /// The appointment, or why it cannot be booked: another person's calendar without
    /// <see cref="Access.OthersCalendars"/>, a wrong length, an unknown practitioner, or a location that the caller
    /// cannot use.
    /// </summary>
    public ErrorOr<Appointment> Book(Patient patient, Caller caller, BookingFacts facts, DateTimeOffset now)
    {
        if (PractitionerId != caller.UserId && !caller.May(Access.OthersCalendars))
            return AuthorizationErrors.NotAllowed;
        if (!IsLength(StartsAt, EndsAt))
            return PortalErrors.AppointmentLength;
        if (facts.Practitioner is not { Active: true, Practitioner: true } practitioner)
            return PortalErrors.UnknownPractitioner;
        return WorkLocations
            .ForWork(caller, LocationId, facts.Location)
            .Then(location =>
                Appointment.Book(
                    patient,
                    (practitioner.UserId, practitioner.Name),
                    (location.LocationId, location.Name, location.TimeZone),
                    StartsAt.ToUniversalTime(),
                    EndsAt.ToUniversalTime(),
                    Reason,
                    now
                )
            );
    }
}

/// <summary>What other modules know about a booking; null where they know no such member or location.</summary>
internal sealed record BookingFacts(MemberFacts? Practitioner, LocationFacts? Location)
{
    public static readonly BookingFacts None = new(null, null);
}
