namespace Practice.PatientPortal.Domain;

/// <summary>A practice's invitation of a patient, or of a patient's guardian, to the portal.</summary>
public sealed class PatientInvitation
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private PatientInvitation() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public string Email { get; private init; } = null!;
    public string NormalizedEmail { get; private init; } = null!;
    public bool ForGuardian { get; private init; }

    /// <summary>For the legal guardian of an adult, the last day that the practice has verified.</summary>
    public DateOnly? GuardianUntil { get; private init; }

    /// <summary>Of the newest link mailed.</summary>
    public string? TokenHash { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ClaimedAt { get; private set; }

    internal static PatientInvitation Make(
        Patient patient,
        string email,
        bool forGuardian,
        DateOnly? guardianUntil,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            Email = email.Trim(),
            NormalizedEmail = EmailAddress.Normalize(email),
            ForGuardian = forGuardian,
            GuardianUntil = guardianUntil,
            CreatedAt = now,
        };

    internal bool IsOpen(DateTimeOffset now) => ClaimedAt is null && now < CreatedAt + Life;

    internal void Issue(string tokenHash) => TokenHash = tokenHash;

    internal void Claim(DateTimeOffset now) => ClaimedAt = now;
}

/// <summary>Who opened what of a portal account, when and under which authority. The holder reads them.</summary>
public sealed class AccessReceipt
{
    /// <summary>Openings that tell of clinical data by being there: hidden, by row-level security, from guardians who may not see it.</summary>
    internal static readonly string[] ClinicalOpenings =
    [
        "clinicalRecords",
        "clinicalRecord",
        "healthNotes",
        "healthNoteAdded",
    ];

    public required Guid Id { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>The practice, where its staff opened it.</summary>
    public Guid? GroupId { get; init; }

    public string? PracticeName { get; init; }
    public required DateTimeOffset At { get; init; }
    public required Guid UserId { get; init; }
    public required string UserName { get; init; }

    /// <summary>As what they opened it: <c>self</c>, <c>guardian</c>, <c>grant</c> or <c>staff</c>.</summary>
    public required string Authority { get; init; }

    public Guid? GrantId { get; init; }

    /// <summary>What was opened, such as <c>appointments</c> or <c>clinicalRecord</c>, or changed, such as <c>detailsChanged</c>.</summary>
    public required string Opened { get; init; }

    /// <summary>The one thing opened, where it was one.</summary>
    public Guid? SubjectId { get; init; }
}

internal static class EmailAddress
{
    /// <summary>The form in which two spellings of one address are the same: surrounding space and case don't count.</summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();
}
