namespace Practice.Users.Domain;

/// <summary>Another email that a person wants to go by, until they show by a mailed link that it is theirs. A newer one takes its place.</summary>
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
            NewEmail = EmailAddress.Display(newEmail),
            NormalizedEmail = EmailAddress.Normalize(newEmail),
            CreatedAt = now,
        };
}
