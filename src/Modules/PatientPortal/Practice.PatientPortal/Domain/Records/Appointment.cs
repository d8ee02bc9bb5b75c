using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Patients;
using Practice.Time;

namespace Practice.PatientPortal.Domain.Records;

public enum AppointmentStatus
{
    Booked,
    Cancelled,

    /// <summary>The patient is there.</summary>
    Arrived,

    /// <summary>The patient was seen.</summary>
    Completed,

    /// <summary>The patient did not come.</summary>
    NoShow,
}

/// <summary>
/// A patient's appointment with a practitioner at a location. Names and time zone follow these until it is over, and
/// then stay as they were (docs/adr/0059).
/// </summary>
public sealed class Appointment
{
    /// <summary>How early a patient can arrive and be seen: earlier, it is another appointment that is meant.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromHours(24);

    /// <summary>Appointments that were booked before the limit of 12 hours may be this long.</summary>
    internal static readonly TimeSpan MaxDurationEver = TimeSpan.FromHours(24);

    private Appointment() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid? AccountId { get; private init; }
    public Guid PractitionerId { get; private set; }
    public string PractitionerName { get; private set; } = null!;
    public Guid LocationId { get; private set; }
    public string LocationName { get; private set; } = null!;

    /// <summary>The location's IANA time zone; null for appointments booked before it was stored.</summary>
    public string? LocationTimeZone { get; private set; }

    /// <summary>The room at the location, by the name that the practice gives it.</summary>
    public string? Room { get; private set; }

    public DateTimeOffset StartsAt { get; private set; }
    public DateTimeOffset EndsAt { get; private set; }
    public string? Reason { get; private set; }
    public AppointmentStatus Status { get; private set; }

    /// <summary>For the practice only.</summary>
    public string? CancelReason { get; private set; }

    /// <summary>Grows with each move and with the cancellation, so that calendars keep the newest.</summary>
    public int Sequence { get; private set; }

    /// <summary>When the row last changed; the database says so.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public uint Version { get; private set; }

    internal AppointmentSlot Slot => new(PractitionerId, LocationId, Room, StartsAt, EndsAt);

    internal static Appointment Book(
        Patient patient,
        (Guid Id, string Name) practitioner,
        (Guid Id, string Name, string TimeZone) location,
        AppointmentSlot slot,
        string? reason,
        DateTimeOffset now
    )
    {
        var appointment = new Appointment
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            AccountId = patient.AccountId,
            Reason = reason,
        };
        appointment.Take(practitioner, location, slot);
        return appointment;
    }

    /// <summary>What its patient is told of it: without the reason, which is clinical.</summary>
    internal AppointmentFacts ToFacts(DateTimeOffset now) =>
        new(Id, Sequence, StartsAt, EndsAt, LocationTimeZone ?? "UTC", PractitionerName, LocationName, now);

    /// <summary>A patient who has arrived has not arrived for another day: they are expected again.</summary>
    internal void Move(
        (Guid Id, string Name) practitioner,
        (Guid Id, string Name, string TimeZone) location,
        AppointmentSlot slot,
        DateTimeOffset now
    )
    {
        Sequence++;
        Take(practitioner, location, slot);
        if (Status == AppointmentStatus.Arrived && IsTooEarly(now))
            Status = AppointmentStatus.Booked;
    }

    internal void Describe(string? reason) => Reason = reason;

    /// <returns>Whether clocks at the location now show another time than before.</returns>
    internal bool FollowLocation(string name, string timeZone)
    {
        var shown = StartsOnClocks();
        (LocationName, LocationTimeZone) = (name, timeZone);
        return StartsOnClocks() != shown;
    }

    internal void FollowPractitioner(string name) => PractitionerName = name;

    internal ErrorOr<Success> Arrive(DateTimeOffset now) =>
        IsTooEarly(now) ? PortalErrors.AppointmentTooEarly : Become(AppointmentStatus.Arrived);

    internal ErrorOr<Success> Complete(DateTimeOffset now) =>
        IsTooEarly(now) ? PortalErrors.AppointmentTooEarly : Become(AppointmentStatus.Completed);

    internal ErrorOr<Success> Miss(DateTimeOffset now) =>
        now < StartsAt ? PortalErrors.AppointmentTooEarly : Become(AppointmentStatus.NoShow);

    /// <summary>Until it is over.</summary>
    internal ErrorOr<Success> Cancel(DateTimeOffset now, string? reason)
    {
        if (!IsOpen || EndsAt <= now)
            return PortalErrors.AppointmentOver;
        Cancel(reason);
        return Result.Success;
    }

    internal void Cancel(string? reason = null) =>
        (Status, CancelReason, Sequence) = (AppointmentStatus.Cancelled, reason, Sequence + 1);

    /// <summary>Whether the patient is still expected or there.</summary>
    internal bool IsOpen => Status is AppointmentStatus.Booked or AppointmentStatus.Arrived;

    private DateTime StartsOnClocks() =>
        TimeZoneInfo.FindSystemTimeZoneById(LocationTimeZone ?? "UTC").In(StartsAt).DateTime;

    private bool IsTooEarly(DateTimeOffset now) => now < StartsAt - Early;

    private void Take(
        (Guid Id, string Name) practitioner,
        (Guid Id, string Name, string TimeZone) location,
        AppointmentSlot slot
    )
    {
        (PractitionerId, PractitionerName) = practitioner;
        (LocationId, LocationName, LocationTimeZone) = location;
        (Room, StartsAt, EndsAt) = (slot.Room, slot.StartsAt, slot.EndsAt);
    }

    private ErrorOr<Success> Become(AppointmentStatus next)
    {
        // Someone who did not come may still do so, late.
        var allowed =
            (Status, next)
            is
                (AppointmentStatus.Booked, _)
                or
                (AppointmentStatus.Arrived, AppointmentStatus.Completed or AppointmentStatus.NoShow)
                or
                (AppointmentStatus.NoShow, AppointmentStatus.Arrived or AppointmentStatus.Completed);
        if (!allowed)
            return PortalErrors.AppointmentTransition(Status);
        Status = next;
        return Result.Success;
    }
}

/// <summary>What an appointment takes up: somebody's time, and a room.</summary>
internal sealed record AppointmentSlot(
    Guid PractitionerId,
    Guid LocationId,
    string? Room,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt
)
{
    /// <summary>Whether the patient is told the same of both: not the room.</summary>
    public bool LooksToPatientLike(AppointmentSlot other) => this with { Room = null } == other with { Room = null };

    /// <summary>Whether both are in one room, however its name is written.</summary>
    public bool IsInRoomOf(AppointmentSlot other) =>
        Room is not null
        && LocationId == other.LocationId
        && string.Equals(Room, other.Room, StringComparison.OrdinalIgnoreCase);
}
