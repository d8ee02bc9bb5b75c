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

    /// <summary>The person whose access is paused; null of an address until a person has confirmed it.</summary>
    public Guid? UserId { get; private set; }

    /// <summary>The address, normalized; null where the practice knows the person by name.</summary>
    public string? Email { get; private init; }

    /// <summary>For the practice and its audit; neither the person nor the holder sees it.</summary>
    public string Reason { get; private init; } = null!;

    public Guid PausedById { get; private init; }
    public string PausedByName { get; private init; } = null!;
    public DateTimeOffset PausedAt { get; private init; }

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
    /// The address belongs to this person. Null if the pause is theirs now; if it keeps somebody out who had the address
    /// before them, a pause of their own.
    /// </summary>
    internal AccessPause? AssignTo(Guid userId, DateTimeOffset now)
    {
        UserId ??= userId;
        return UserId == userId
            ? null
            : new()
            {
                Id = Guid.CreateVersion7(now),
                GroupId = GroupId,
                AccountId = AccountId,
                UserId = userId,
                Email = Email,
                Reason = Reason,
                PausedById = PausedById,
                PausedByName = PausedByName,
                PausedAt = PausedAt,
            };
    }
}
