namespace Practice.Users.Domain;

/// <summary>What following a mailed link does.</summary>
public enum LinkPurpose
{
    /// <summary>Makes the account of a pending sign-up.</summary>
    ConfirmSignUp,

    /// <summary>Proves the email of an account that an administrator made, and sets its password.</summary>
    ConfirmAccount,

    ResetPassword,
}

/// <summary>
/// A link that was mailed, known only by the hash of its token. A mail that had to be sent twice has two, both good
/// until one is used.
/// </summary>
public sealed class Link
{
    private Link()
    {
    }

    public string TokenHash { get; private init; } = "";
    public LinkPurpose Purpose { get; private init; }

    /// <summary>The pending sign-up or the account that it is for.</summary>
    public Guid SubjectId { get; private init; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>Used itself, or made worthless by another that was.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    public static Link Mint(string tokenHash, LinkPurpose purpose, Guid subjectId, DateTimeOffset now) => new()
    {
        TokenHash = tokenHash,
        Purpose = purpose,
        SubjectId = subjectId,
        CreatedAt = now,
        ExpiresAt = now + LifeOf(purpose),
    };

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;

    private static TimeSpan LifeOf(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmSignUp => TimeSpan.FromHours(24),
        // As long as the temporary password that it replaces.
        LinkPurpose.ConfirmAccount => Account.TemporaryPasswordLife,
        _ => TimeSpan.FromHours(1),
    };
}
