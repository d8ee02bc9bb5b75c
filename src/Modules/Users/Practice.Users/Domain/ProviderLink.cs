namespace Practice.Users.Domain;

/// <summary>
/// Connects an account with a person's identity at a provider. The identity is the provider's subject: the provider may
/// give an email to another person.
/// </summary>
public sealed class ProviderLink
{
    /// <summary>For one account. More is a script, not a person with employers.</summary>
    public const int MaxPerPerson = 10;

    /// <summary>By OpenID Connect Core, section 2.</summary>
    public const int MaxSubjectLength = 255;

    private ProviderLink() { }

    public Guid Id { get; private init; }
    public Guid AccountId { get; private init; }

    /// <summary>Its name in the settings when it was connected. An operator may name it differently later.</summary>
    public string Provider { get; private init; } = null!;

    public string Issuer { get; private init; } = null!;
    public string Subject { get; private init; } = null!;
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? LastUsedAt { get; private set; }

    public static ProviderLink Of(Guid accountId, string provider, string issuer, string subject, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            AccountId = accountId,
            Provider = provider,
            Issuer = issuer,
            Subject = subject,
            CreatedAt = now,
        };

    public void Use(DateTimeOffset now) => LastUsedAt = now;
}
