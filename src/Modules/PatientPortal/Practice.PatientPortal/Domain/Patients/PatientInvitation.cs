namespace Practice.PatientPortal.Domain.Patients;

/// <summary>A practice's invitation of a patient, or of a patient's guardian, to the portal.</summary>
public sealed class PatientInvitation
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public const int MaxAttempts = 10;

    /// <summary>
    /// Of one practice to one address within a day, of all patients: enough for a family, and no flood for a stranger.
    /// </summary>
    public const int MaxToAddressADay = 10;

    private PatientInvitation() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public string Email { get; private init; } = null!;
    public string NormalizedEmail { get; private init; } = null!;
    public bool ForGuardian { get; private init; }

    /// <summary>For the legal guardian of an adult, the last day that the practice has verified.</summary>
    public DateOnly? GuardianUntil { get; private init; }

    /// <summary>The hash of the token in the link mailed last.</summary>
    public string? TokenHash { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ClaimedAt { get; private set; }

    /// <summary>How often it was claimed, with success or not: nobody guesses a date of birth.</summary>
    public int Attempts { get; private set; }

    /// <summary>
    /// When the patient's address changed, another invitation took its place or was claimed, or the link that it made
    /// ended. The row stays: it counts among the day's invitations.
    /// </summary>
    public DateTimeOffset? WithdrawnAt { get; private set; }

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

    internal bool IsOpen(DateTimeOffset now) => ClaimedAt is null && WithdrawnAt is null && now < CreatedAt + Lifetime;

    internal void Issue(string tokenHash) => TokenHash = tokenHash;

    /// <summary>Counts an attempt to claim it. False if there were too many.</summary>
    internal bool Attempt() => ++Attempts <= MaxAttempts;

    internal void Claim(DateTimeOffset now) => ClaimedAt = now;
}
