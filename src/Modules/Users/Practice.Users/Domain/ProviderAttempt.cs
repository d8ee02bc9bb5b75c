namespace Practice.Users.Domain;

/// <summary>
/// A sign-in that a person has begun at an identity provider, or that will connect the account they are signed in to.
/// It is deleted when they come back, whatever they bring: it works once. Its secrets are derived from the token that
/// the client holds, so a copy of the database has none.
/// </summary>
public sealed class ProviderAttempt
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private ProviderAttempt() { }

    public string TokenHash { get; private init; } = null!;

    /// <summary>The provider's name in the settings.</summary>
    public string Provider { get; private init; } = null!;

    /// <summary>The account that it will connect; null for a sign-in.</summary>
    public Guid? AccountId { get; private init; }

    public DateTimeOffset ExpiresAt { get; private init; }

    public static ProviderAttempt Begin(string tokenHash, string provider, Guid? accountId, DateTimeOffset now) =>
        new()
        {
            TokenHash = tokenHash,
            Provider = provider,
            AccountId = accountId,
            ExpiresAt = now + Lifetime,
        };

    /// <param name="accountId">The account that is to be connected; null for a sign-in.</param>
    public bool IsFor(string provider, Guid? accountId, DateTimeOffset now) =>
        Provider == provider && AccountId == accountId && now < ExpiresAt;
}
