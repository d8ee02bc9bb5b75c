using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Grants;

/// <summary>
/// A practice keeps its records of an account from one person, by whatever grant or guardianship they open it. The
/// holder is told, and sees it; the records of other practices stay open.
/// </summary>
public sealed class AccessPause
{
    private AccessPause() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>The person whose access is paused.</summary>
    public Guid UserId { get; private init; }

    /// <summary>
    /// For members who see all clinical records: it may say what these say. So it is not in the audit, which others
    /// read, and it stays when the pause has ended.
    /// </summary>
    public string Reason { get; private init; } = null!;

    public Guid PausedById { get; private init; }
    public string PausedByName { get; private init; } = null!;
    public DateTimeOffset PausedAt { get; private init; }

    public Guid? ResumedById { get; private set; }
    public string? ResumedByName { get; private set; }

    /// <summary>When it ended; null while it lasts.</summary>
    public DateTimeOffset? ResumedAt { get; private set; }

    internal static AccessPause Of(
        Patient patient,
        Guid userId,
        string reason,
        (Guid Id, string Name) by,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            AccountId = patient.AccountId!.Value,
            UserId = userId,
            Reason = reason.Trim(),
            PausedById = by.Id,
            PausedByName = by.Name,
            PausedAt = now,
        };

    /// <summary>The same pause in another account, to which the practice's records of a patient have gone.</summary>
    internal AccessPause In(Guid accountId, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = GroupId,
            AccountId = accountId,
            UserId = UserId,
            Reason = Reason,
            PausedById = PausedById,
            PausedByName = PausedByName,
            PausedAt = PausedAt,
        };

    internal void Resume((Guid Id, string Name) by, DateTimeOffset now) =>
        (ResumedById, ResumedByName, ResumedAt) = (by.Id, by.Name, now);
}
