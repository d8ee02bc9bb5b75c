namespace Practice.Users.Domain;

/// <summary>
/// One sign-in on one device, with the family of its refresh tokens. Access is decided by its access tokens in
/// <c>authority.sessions</c>; they end with the session, in the same transaction.
/// </summary>
public sealed class Session
{
    /// <summary>How long a session lasts without a refresh.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How long it lasts at most, however often it is refreshed.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(90);

    public static readonly TimeSpan AccessTokenLifetime = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long ago the person counts as having proved who they are, where nobody knows: longer than any act asks for.
    /// </summary>
    public static readonly TimeSpan Unproven = TimeSpan.FromHours(1);

    private Session() { }

    public Guid Id { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>The browser or app, as it names itself.</summary>
    public string? Device { get; private init; }

    /// <summary>Whether a second factor was shown in this session: practice groups can require it.</summary>
    public bool SecondFactorShown { get; private set; }

    /// <summary>
    /// When the person last proved who they are, by the clock of the database. It sets this when the session is stored.
    /// </summary>
    public DateTimeOffset VerifiedAt { get; private set; }

    /// <summary>
    /// At which issuer the person signed in to begin it, without a slash at its end; null for all other ways. Practice
    /// groups can require one.
    /// </summary>
    public string? Issuer { get; private set; }

    /// <summary>The connection that signed in; null also for sessions of a release that did not note it.</summary>
    public Guid? ProviderLinkId { get; private set; }

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
            ExpiresAt = now + Lifetime,
        };

    /// <summary>Earlier releases let it last beyond the longest lifetime.</summary>
    public bool IsOpen(DateTimeOffset now) => EndedAt is null && now < ExpiresAt && now < CreatedAt + MaxLifetime;

    /// <summary>
    /// The person did not prove to us who they are, but to someone else, at a time that we do not know.
    /// </summary>
    public void NotVerified(DateTimeOffset now) => VerifiedAt = now - Unproven;

    public void BeginWith(Guid providerLinkId, string issuer) =>
        (ProviderLinkId, Issuer) = (providerLinkId, issuer.TrimEnd('/'));

    public void Seen(DateTimeOffset now)
    {
        var maxEnd = CreatedAt + MaxLifetime;
        (LastSeenAt, ExpiresAt) = (now, now + Lifetime < maxEnd ? now + Lifetime : maxEnd);
    }
}

/// <summary>Works for one refresh. Used tokens are kept, so that a second use is detected.</summary>
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
