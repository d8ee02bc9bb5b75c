namespace Practice.Users.Domain;

/// <summary>
/// A requested change to another email, pending until the person follows the link sent to it. A newer request replaces
/// it.
/// </summary>
public sealed class EmailChange
{
    private EmailChange() { }

    public Guid Id { get; private init; }
    public Guid AccountId { get; private init; }
    public string NewEmail { get; private init; } = null!;
    public string NormalizedEmail { get; private init; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }

    public static EmailChange Begin(Guid accountId, string newEmail, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = accountId,
            NewEmail = newEmail.Trim(),
            NormalizedEmail = EmailAddress.Normalize(newEmail),
            CreatedAt = now,
        };
}
