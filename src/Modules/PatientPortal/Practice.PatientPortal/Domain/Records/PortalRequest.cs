using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

public enum RequestKind
{
    /// <summary>The patient would like an appointment.</summary>
    Appointment,

    /// <summary>A booked appointment was cancelled from the portal. There is nothing to decide.</summary>
    Cancellation,

    /// <summary>A note on the patient's health, which is clinical.</summary>
    HealthNote,

    /// <summary>Phone or address changed in the portal. There is nothing to decide.</summary>
    ContactDetails,

    /// <summary>A guardian's access will soon be limited or end. There is nothing to decide.</summary>
    GuardianshipEnding,
}

public enum RequestStatus
{
    Open,
    Confirmed,
    Declined,
    Cancelled,
}

/// <summary>A request or notice from the portal to a practice, with its sender and the account they acted in.</summary>
public sealed class PortalRequest
{
    private PortalRequest() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid AccountId { get; private init; }
    public RequestKind Kind { get; private init; }

    /// <summary>The reason for the requested appointment, or the note.</summary>
    public string? Text { get; private init; }

    /// <summary>The preferred time of the appointment.</summary>
    public DateTimeOffset? StartsAt { get; private init; }

    /// <summary>
    /// The account's time zone, in which the sender chose the time; null of requests from before it was kept.
    /// </summary>
    public string? TimeZone { get; private init; }

    public Guid? PractitionerId { get; private init; }
    public Guid? LocationId { get; private init; }

    /// <summary>The cancelled appointment, or the one booked for a confirmed request.</summary>
    public Guid? AppointmentId { get; private set; }

    /// <summary>The sender; null for the system.</summary>
    public Guid? SentById { get; private init; }

    public string SentByName { get; private init; } = null!;

    /// <summary>The name of the account they acted in.</summary>
    public string ActingFor { get; private init; } = null!;

    public RequestStatus Status { get; private set; }
    public DateTimeOffset SentAt { get; private init; }
    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>The members who were notified of it. Once it is decided, they need not look at it any more.</summary>
    public List<Guid> ToldIds { get; private set; } = [];

    public uint Version { get; private set; }

    internal static PortalRequest Send(
        Patient patient,
        Guid accountId,
        RequestKind kind,
        string? text,
        (Guid? Id, string Name) sender,
        string actingFor,
        DateTimeOffset now,
        DateTimeOffset? startsAt = null,
        Guid? practitionerId = null,
        Guid? locationId = null,
        Guid? appointmentId = null,
        string? timeZone = null
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            AccountId = accountId,
            Kind = kind,
            Text = text,
            StartsAt = startsAt,
            TimeZone = timeZone,
            PractitionerId = practitionerId,
            LocationId = locationId,
            AppointmentId = appointmentId,
            SentById = sender.Id,
            SentByName = sender.Name,
            ActingFor = actingFor,
            SentAt = now,
            Status = kind is RequestKind.Appointment or RequestKind.HealthNote
                ? RequestStatus.Open
                : RequestStatus.Confirmed,
        };

    internal void Tell(IEnumerable<Guid> members) => ToldIds = [.. members];

    /// <summary>What is told once it is decided or withdrawn.</summary>
    internal PatientRequestClosed ToClosedEvent() => new(GroupId, Id, ToldIds);

    internal void Confirm(Guid? appointmentId, DateTimeOffset now) =>
        (Status, AppointmentId, DecidedAt) = (RequestStatus.Confirmed, appointmentId ?? AppointmentId, now);

    internal void Decline(DateTimeOffset now) => (Status, DecidedAt) = (RequestStatus.Declined, now);

    internal void Cancel(DateTimeOffset now) => (Status, DecidedAt) = (RequestStatus.Cancelled, now);
}
