using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>An appointment to be booked, or what one becomes by a move.</summary>
internal sealed record Booking(
    Guid PractitionerId,
    Guid LocationId,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string? Reason
)
{
    public static readonly TimeSpan MaxDuration = TimeSpan.FromHours(12);

    public const string LengthRule = "The end must be after the start, and within 12 hours.";

    /// <summary>What was seen yesterday may be entered today.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromDays(1);

    public string? Room { get; init; }

    /// <summary>Whether another appointment at the same time is meant.</summary>
    public bool AllowOverlap { get; init; }

    /// <summary>Whether a time outside the opening hours, or long past, is meant.</summary>
    public bool AllowOutsideHours { get; init; }

    private AppointmentSlot Slot =>
        new(PractitionerId, LocationId, Room, StartsAt.ToUniversalTime(), EndsAt.ToUniversalTime());

    public static bool IsLength(DateTimeOffset startsAt, DateTimeOffset endsAt) =>
        endsAt > startsAt && endsAt - startsAt <= MaxDuration;

    /// <summary>The appointment, or why it cannot be booked.</summary>
    public ErrorOr<Appointment> Book(Patient patient, Caller caller, BookingFacts facts, DateTimeOffset now) =>
        patient.IsArchived
            ? PortalErrors.PatientArchived
            : Check(caller, facts, now)
                .Then(place => Appointment.Book(patient, place.Practitioner, place.Location, Slot, Reason, now));

    /// <summary>
    /// Moves the appointment, or says why it cannot be moved. One that stays where it is keeps what was allowed when it
    /// was booked.
    /// </summary>
    /// <returns>Whether it takes up another slot.</returns>
    public ErrorOr<bool> Move(Appointment appointment, Caller caller, BookingFacts facts, DateTimeOffset now)
    {
        if (!appointment.IsOpen)
            return PortalErrors.AppointmentTransition(appointment.Status);
        appointment.Describe(Reason);
        if (Slot == appointment.Slot)
            return false;
        return Check(caller, facts, now)
            .Then(place =>
            {
                appointment.Move(place.Practitioner, place.Location, Slot, now);
                return true;
            });
    }

    /// <summary>Why the location has no appointments at this time; null where it has.</summary>
    public Error? WhyOutsideHours(LocationFacts location, DateTimeOffset now) =>
        StartsAt < now - Late ? PortalErrors.LongPast
        : OpeningTimes.AreOpen(location, StartsAt, EndsAt) ? null
        : PortalErrors.OutsideHours;

    /// <summary>What was allowed and needed to be, for the audit; null for nothing.</summary>
    public BookingExceptions? Exceptions(LocationFacts location, Overlaps overlaps, DateTimeOffset now)
    {
        var outsideHours = WhyOutsideHours(location, now) is not null;
        return outsideHours || overlaps.Any ? new(overlaps.Any, outsideHours, overlaps.Visible) : null;
    }

    /// <summary>
    /// Who sees the patient where, or why not: another person's calendar without <see cref="Access.OthersCalendars"/>,
    /// a wrong length, an unknown practitioner, a location that the caller or the practitioner does not work at, or a
    /// time at which it is closed.
    /// </summary>
    private ErrorOr<((Guid Id, string Name) Practitioner, (Guid Id, string Name, string TimeZone) Location)> Check(
        Caller caller,
        BookingFacts facts,
        DateTimeOffset now
    )
    {
        if (PractitionerId != caller.UserId && !caller.May(Access.OthersCalendars))
            return AuthorizationErrors.NotAllowed;
        if (!IsLength(StartsAt, EndsAt))
            return PortalErrors.AppointmentLength;
        if (facts.Practitioner is not { Active: true, Practitioner: true } practitioner)
            return PortalErrors.UnknownPractitioner;
        var open = WorkLocations.ForWork(caller, LocationId, facts.Location);
        if (open.IsError)
            return open.Errors;
        var location = open.Value;
        if (!practitioner.LocationIds.Contains(location.LocationId))
            return PortalErrors.PractitionerNotThere;
        if (!AllowOutsideHours && WhyOutsideHours(location, now) is { } closed)
            return closed;
        return ((practitioner.UserId, practitioner.Name), (location.LocationId, location.Name, location.TimeZone));
    }
}

/// <summary>The rules that an appointment was booked against, on purpose.</summary>
/// <param name="Overlaps">The other appointments, as far as the member who booked may see them.</param>
internal sealed record BookingExceptions(bool Overlap, bool OutsideHours, IReadOnlyList<Guid> Overlaps);

/// <summary>What other modules know about a booking; null where they know no such member or location.</summary>
internal sealed record BookingFacts(MemberFacts? Practitioner, LocationFacts? Location)
{
    public static readonly BookingFacts None = new(null, null);
}
