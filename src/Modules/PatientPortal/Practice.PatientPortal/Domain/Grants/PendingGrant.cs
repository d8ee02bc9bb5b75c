namespace Practice.PatientPortal.Domain.Grants;

/// <summary>
/// A grant for an email address without an account. It waits until a person confirms the address, and holds no name and
/// no data.
/// </summary>
public sealed class PendingGrant
{
    public required Guid Id { get; init; }
    public required string NormalizedEmail { get; init; }
    public required Guid AccountId { get; init; }

    public required Guid GrantId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal static PendingGrant Of(Grant grant, Guid accountId, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            NormalizedEmail = EmailAddress.Normalize(grant.UserEmail),
            AccountId = accountId,
            GrantId = grant.Id,
            CreatedAt = now,
        };
}
