using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Grants;

/// <summary>
/// A practice keeps its records of an account from one person, by whatever grant or guardianship they open it. The
/// holder is told, and sees it; the records of other practices stay open.
/// </summary>
/// <remarks>
/// Of a person whom the holder gave access unasked, the practice knows only the address. It pauses the address, whether
/// or not a person has confirmed it, and sees the same in both cases (docs/adr/0016).
/// </remarks>
public sealed class AccessPause
{
    private AccessPause() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>The person whose access is paused; null of an address that is nobody's so far.</summary>
    public Guid? UserId { get; private set; }

    /// <summary>The address, normalized; null where the practice knows the person by name.</summary>
    public string? Email { get; private init; }

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
        Guid? userId,
        string? email,
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
            Email = email,
            Reason = reason.Trim(),
            PausedById = by.Id,
            PausedByName = by.Name,
            PausedAt = now,
        };

    /// <summary>
    /// The address belongs to this person. Null if the pause is theirs now; if it keeps somebody out who had the
    /// address before them, a pause of their own.
    /// </summary>
    internal AccessPause? AssignTo(Guid userId, DateTimeOffset now)
    {
        UserId ??= userId;
        return UserId == userId ? null : Copy(AccountId, userId, now);
    }

    /// <summary>The same pause in another account, to which the practice's records of a patient have gone.</summary>
    internal AccessPause In(Guid accountId, DateTimeOffset now) => Copy(accountId, UserId, now);

    internal void Resume((Guid Id, string Name) by, DateTimeOffset now) =>
        (ResumedById, ResumedByName, ResumedAt) = (by.Id, by.Name, now);

    private AccessPause Copy(Guid accountId, Guid? userId, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            GroupId = GroupId,
            AccountId = accountId,
            UserId = userId,
            Email = Email,
            Reason = Reason,
            PausedById = PausedById,
            PausedByName = PausedByName,
            PausedAt = PausedAt,
        };
}
