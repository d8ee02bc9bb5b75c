using Practice.PatientPortal.Domain.Guardianship;

namespace Practice.PatientPortal.Domain.Grants;

/// <summary>
/// A grant, or a guardianship, for an email address without an account. It waits until a person confirms the address,
/// and holds no name and no data.
/// </summary>
public sealed class PendingGrant
{
    public required Guid Id { get; init; }
    public required string NormalizedEmail { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>The grant; null for a guardianship.</summary>
    public Guid? GrantId { get; init; }

    public Relationship? Relationship { get; init; }
    public Guid? AddedById { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// A guardianship expires like a request, because the address may be mistyped and it cannot be taken back. A grant
    /// waits until it is disabled.
    /// </summary>
    internal bool HasExpired(DateTimeOffset now) => GrantId is null && now >= CreatedAt + Grant.WaitingPeriod;

    internal static PendingGrant OfGrant(Grant grant, Guid accountId, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            NormalizedEmail = EmailAddress.Normalize(grant.UserEmail),
            AccountId = accountId,
            GrantId = grant.Id,
            CreatedAt = now,
        };

    internal static PendingGrant OfGuardianship(
        Guid accountId,
        string email,
        Relationship relationship,
        Guid addedById,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            NormalizedEmail = EmailAddress.Normalize(email),
            AccountId = accountId,
            Relationship = relationship,
            AddedById = addedById,
            CreatedAt = now,
        };
}
