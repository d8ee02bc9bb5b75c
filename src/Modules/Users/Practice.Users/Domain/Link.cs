namespace Practice.Users.Domain;

/// <summary>What following a mailed link does.</summary>
public enum LinkPurpose
{
    /// <summary>Makes the account of a pending sign-up.</summary>
    ConfirmSignUp,

    /// <summary>Proves the email of an account that an administrator made, and sets its password.</summary>
    ConfirmAccount,

    ResetPassword,

    /// <summary>Shows that the address an account is to go by belongs to its person.</summary>
    ChangeEmail,

    /// <summary>Switches the onboarding mails off, however often it is followed: it opens nothing else.</summary>
    StopOnboarding,
}

/// <summary>
/// A link that was mailed, known only by the hash of its token. A mail that had to be sent twice has two, both good
/// until one is used.
/// </summary>
public sealed class Link
{
    private Link() { }

    public string TokenHash { get; private init; } = null!;
    public LinkPurpose Purpose { get; private init; }

    /// <summary>The pending sign-up, change of email or account that it is for.</summary>
    public Guid SubjectId { get; private init; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>Used itself, or made worthless by another that was.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    public static Link Mint(string tokenHash, LinkPurpose purpose, Guid subjectId, DateTimeOffset now) =>
        new()
        {
            TokenHash = tokenHash,
            Purpose = purpose,
            SubjectId = subjectId,
            CreatedAt = now,
            ExpiresAt = now + LifeOf(purpose),
        };

    public bool IsOpen(DateTimeOffset now) => UsedAt is null && now < ExpiresAt;

    private static TimeSpan LifeOf(LinkPurpose purpose) =>
        purpose switch
        {
            LinkPurpose.ConfirmSignUp or LinkPurpose.ChangeEmail => TimeSpan.FromHours(24),
            // As long as the temporary password that it replaces.
            LinkPurpose.ConfirmAccount => Account.TemporaryPasswordLife,
            // As long as anybody keeps such a mail and wants no more of its kind.
            LinkPurpose.StopOnboarding => TimeSpan.FromDays(365),
            _ => TimeSpan.FromHours(1),
        };
}
