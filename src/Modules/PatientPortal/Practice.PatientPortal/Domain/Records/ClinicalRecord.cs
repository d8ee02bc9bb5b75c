using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

public enum ClinicalRecordKind
{
    Note,
    Letter,
    Result,
    Document,
}

/// <summary>What a practitioner recorded about a patient's health.</summary>
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
