namespace Practice.Users.Domain;

/// <summary>
/// A sign-in that a person has begun at an identity provider. It is deleted when they come back, whatever they bring:
/// it works once. Its secrets are derived from the token that the client holds, so a copy of the database has none.
/// </summary>
public sealed class ProviderAttempt
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private ProviderAttempt() { }

    public string TokenHash { get; private init; } = null!;

    /// <summary>The provider's name in the settings.</summary>
    public string Provider { get; private init; } = null!;

    public DateTimeOffset ExpiresAt { get; private init; }

    public static ProviderAttempt Begin(string tokenHash, string provider, DateTimeOffset now) =>
        new()
        {
            TokenHash = tokenHash,
            Provider = provider,
            ExpiresAt = now + Lifetime,
        };

    public bool IsFor(string provider, DateTimeOffset now) => Provider == provider && now < ExpiresAt;
}
