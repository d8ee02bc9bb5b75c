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

    /// <summary>For the practice and its audit; neither the person nor the holder sees it.</summary>
    public string Reason { get; private init; } = null!;

    public Guid PausedById { get; private init; }
    public string PausedByName { get; private init; } = null!;
    public DateTimeOffset PausedAt { get; private init; }

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
}
