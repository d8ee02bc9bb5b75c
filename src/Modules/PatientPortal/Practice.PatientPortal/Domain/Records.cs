namespace Practice.PatientPortal.Domain;

public enum AppointmentStatus
{
    Booked,
    Cancelled,
}

/// <summary>A patient's appointment with a practitioner at a location. Names are as they were when it was booked.</summary>
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

    /// <summary>The location's IANA time zone, in which the patient is expected; null for what was booked before it was kept.</summary>
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

/// <summary>An invoice to a patient. Money is exact, in the invoice's currency.</summary>
public sealed class Invoice
{
    private Invoice() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid? AccountId { get; private init; }
    public Guid IssuedById { get; private init; }
    public string Number { get; private init; } = null!;
    public DateOnly IssuedOn { get; private init; }
    public DateOnly DueOn { get; private init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private init; } = null!;

    public List<InvoiceLine> Lines { get; private init; } = [];
    public decimal Total { get; private init; }

    internal static Invoice Issue(
        Patient patient,
        Guid issuedById,
        string number,
        DateOnly issuedOn,
        DateOnly dueOn,
        string currency,
        List<InvoiceLine> lines,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            AccountId = patient.AccountId,
            IssuedById = issuedById,
            Number = number,
            IssuedOn = issuedOn,
            DueOn = dueOn,
            Currency = currency,
            Lines = lines,
            Total = lines.Sum(line => line.Amount),
        };
}

public sealed record InvoiceLine(string Description, decimal Quantity, decimal UnitPrice)
{
    /// <summary>To the hundredth, half away from zero.</summary>
    internal decimal Amount => Math.Round(Quantity * UnitPrice, 2, MidpointRounding.AwayFromZero);
}

public enum ClinicalRecordKind
{
    Note,
    Letter,
    Result,
    Document,
}

/// <summary>What a practitioner has recorded of a patient's health.</summary>
public sealed class ClinicalRecord
{
    private ClinicalRecord() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid? AccountId { get; private init; }
    public Guid AuthorId { get; private init; }
    public string AuthorName { get; private init; } = null!;
    public ClinicalRecordKind Kind { get; private init; }
    public string Title { get; private init; } = null!;
    public string Body { get; private init; } = null!;
    public DateTimeOffset RecordedAt { get; private init; }

    internal static ClinicalRecord Record(
        Patient patient,
        (Guid Id, string Name) author,
        ClinicalRecordKind kind,
        string title,
        string body,
        DateTimeOffset recordedAt,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            AccountId = patient.AccountId,
            AuthorId = author.Id,
            AuthorName = author.Name,
            Kind = kind,
            Title = title,
            Body = body,
            RecordedAt = recordedAt,
        };
}

public enum RequestKind
{
    /// <summary>An appointment is asked for.</summary>
    Appointment,

    /// <summary>A booked appointment was cancelled from the portal; nothing is left to decide.</summary>
    Cancellation,

    /// <summary>A note on the patient's health: clinical.</summary>
    HealthNote,

    /// <summary>Phone or address were changed in the portal; nothing is left to decide.</summary>
    ContactDetails,

    /// <summary>A guardian's access will narrow or end; nothing is left to decide.</summary>
    GuardianshipEnding,
}

public enum RequestStatus
{
    Open,
    Confirmed,
    Declined,
    Cancelled,
}

/// <summary>What has come to a practice from the portal, with who sent it and acting for whom.</summary>
public sealed class PortalRequest
{
    private PortalRequest() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid AccountId { get; private init; }
    public RequestKind Kind { get; private init; }

    /// <summary>The reason of an appointment asked for, or the note.</summary>
    public string? Text { get; private init; }

    /// <summary>When the appointment is wished for.</summary>
    public DateTimeOffset? StartsAt { get; private init; }

    public Guid? PractitionerId { get; private init; }
    public Guid? LocationId { get; private init; }

    /// <summary>The appointment that was cancelled, or that a confirmed request has become.</summary>
    public Guid? AppointmentId { get; private set; }

    /// <summary>Who sent it; null for the system.</summary>
    public Guid? SentById { get; private init; }

    public string SentByName { get; private init; } = null!;

    /// <summary>Whose account they acted in.</summary>
    public string ActingFor { get; private init; } = null!;

    public RequestStatus Status { get; private set; }
    public DateTimeOffset SentAt { get; private init; }
    public DateTimeOffset? DecidedAt { get; private set; }
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
        Guid? appointmentId = null
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

    internal void Confirm(Guid? appointmentId, DateTimeOffset now) =>
        (Status, AppointmentId, DecidedAt) = (RequestStatus.Confirmed, appointmentId ?? AppointmentId, now);

    internal void Decline(DateTimeOffset now) => (Status, DecidedAt) = (RequestStatus.Declined, now);

    internal void Cancel(DateTimeOffset now) => (Status, DecidedAt) = (RequestStatus.Cancelled, now);
}
