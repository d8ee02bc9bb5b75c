using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

public enum ClinicalRecordKind
{
    Note,
    Letter,
    Result,
    Document,
}

/// <summary>
/// What a practitioner recorded about a patient's health. Its text never changes; amendments are added to it. The
/// portal shows it once it is shared with the patient.
/// </summary>
public sealed class ClinicalRecord
{
    private const int MaxAmendments = 100;

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
    public bool Shared { get; private set; }

    /// <summary>Why it was withheld from the patient. For members who see the record.</summary>
    public string? WithholdReason { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Amendment> Amendments { get; private set; } = [];

    /// <summary>When the row last changed; the database says so.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    internal void Share() => (Shared, WithholdReason) = (true, null);

    internal void Withhold(string reason) => (Shared, WithholdReason) = (false, reason.Trim());

    internal ErrorOr<Amendment> Amend((Guid Id, string Name) author, string text, DateTimeOffset now)
    {
        if (Amendments.Count >= MaxAmendments)
            return PortalErrors.TooManyAmendments;
        var amendment = new Amendment(Guid.CreateVersion7(now), author.Id, author.Name, text, now);
        Amendments = [.. Amendments, amendment];
        return amendment;
    }

    internal static ClinicalRecord Record(
        Patient patient,
        (Guid Id, string Name) author,
        ClinicalRecordKind kind,
        string title,
        string body,
        DateTimeOffset recordedAt,
        bool shared,
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
            Shared = shared,
        };
}

/// <summary>What was added to a clinical record later: a correction, or more.</summary>
public sealed record Amendment(Guid Id, Guid AuthorId, string AuthorName, string Text, DateTimeOffset AddedAt);
