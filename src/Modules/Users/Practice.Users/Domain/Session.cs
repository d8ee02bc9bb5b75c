namespace Practice.Users.Domain;

/// <summary>
/// One sign-in on one device, and the family of all refresh tokens that came of it. Whether it lets anybody in is decided
/// by the access tokens of <c>authority.sessions</c>, which end with it in the same transaction.
/// </summary>
public sealed class Session
{
    /// <summary>How long a session lives without being refreshed.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    public static readonly TimeSpan AccessTokenLife = TimeSpan.FromMinutes(15);

    private Session() { }

    public Guid Id { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>What the browser or app said it was.</summary>
    public string? Device { get; private init; }

    /// <summary>Whether a code was given in this session: practice groups may ask for it.</summary>
    public bool SecondFactorShown { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset LastSeenAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    public static Session Open(Guid id, Guid accountId, string? device, bool secondFactorShown, DateTimeOffset now) =>
        new()
        {
            Id = id,
            AccountId = accountId,
            Device = device,
            SecondFactorShown = secondFactorShown,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + Life,
        };

    public bool IsOpen(DateTimeOffset now) => EndedAt is null && now < ExpiresAt;

    public void Seen(DateTimeOffset now) => (LastSeenAt, ExpiresAt) = (now, now + Life);
}

/// <summary>Good for one refresh. Used ones are kept, so that a second use shows.</summary>
public sealed class RefreshToken
{
    private RefreshToken() { }

    public string TokenHash { get; private init; } = null!;
    public Guid SessionId { get; private init; }
    public DateTimeOffset ExpiresAt { get; private init; }
    public DateTimeOffset? UsedAt { get; private set; }

    public static RefreshToken Of(Session session, string tokenHash) =>
        new()
        {
            TokenHash = tokenHash,
            SessionId = session.Id,
            ExpiresAt = session.ExpiresAt,
        };

    public void Use(DateTimeOffset now) => UsedAt = now;
}
