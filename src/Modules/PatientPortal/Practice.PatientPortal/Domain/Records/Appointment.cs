using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

public enum AppointmentStatus
{
    Booked,
    Cancelled,
}

/// <summary>A patient's appointment with a practitioner at a location. Names stay as they were at booking.</summary>
public sealed class Appointment
{
    private Appointment() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid? AccountId { get; private init; }
    public Guid PractitionerId { get; private init; }
    public string PractitionerName { get; private init; } = null!;
    public Guid LocationId { get; private init; }
    public string LocationName { get; private init; } = null!;

    /// <summary>The location's IANA time zone; null for appointments booked before it was stored.</summary>
    public string? LocationTimeZone { get; private init; }

    public DateTimeOffset StartsAt { get; private init; }
    public DateTimeOffset EndsAt { get; private init; }
    public string? Reason { get; private init; }
    public AppointmentStatus Status { get; private set; }
    public uint Version { get; private set; }

    internal static Appointment Book(
        Patient patient,
        (Guid Id, string Name) practitioner,
        (Guid Id, string Name, string TimeZone) location,
        DateTimeOffset startsAt,
        DateTimeOffset endsAt,
        string? reason,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            AccountId = patient.AccountId,
            PractitionerId = practitioner.Id,
            PractitionerName = practitioner.Name,
            LocationId = location.Id,
            LocationName = location.Name,
            LocationTimeZone = location.TimeZone,
            StartsAt = startsAt,
            EndsAt = endsAt,
            Reason = reason,
        };

    internal void Cancel() => Status = AppointmentStatus.Cancelled;
}
