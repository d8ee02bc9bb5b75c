namespace Practice.Users.Domain;

/// <summary>What a sign-in with a provider still needs from the person.</summary>
public enum ProviderStep
{
    /// <summary>
    /// The account is not connected with the provider: the person proves once, by its password or its mailbox, that it
    /// is theirs.
    /// </summary>
    Link,

    /// <summary>A code of the authenticator app, or a recovery code.</summary>
    Code,
}

/// <summary>
/// A sign-in that a provider has confirmed and that needs one more step here. Only the client that began it has its
/// token.
/// </summary>
public sealed class ProviderSignIn
{
    /// <summary>As long as the link of the email, so that a person finds the time to open it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private ProviderSignIn() { }

    public Guid Id { get; private init; }
    public string TokenHash { get; private set; } = null!;
    public Guid AccountId { get; private init; }

    /// <summary>The account's email at the time: if it changes, the provider has vouched for another one.</summary>
    public string NormalizedEmail { get; private init; } = null!;

    public string Provider { get; private init; } = null!;
    public string Issuer { get; private init; } = null!;
    public string Subject { get; private init; } = null!;
    public ProviderStep Step { get; private set; }

    /// <summary>Whether it began at an account that was not connected yet: its end connects them.</summary>
    public bool Connects { get; private init; }

    /// <summary>Whether the password was shown on the way, which is a recent proof of who the person is.</summary>
    public bool PasswordShown { get; private set; }

    public DateTimeOffset ExpiresAt { get; private init; }

    public static ProviderSignIn Begin(
        Account account,
        string provider,
        string issuer,
        string subject,
        ProviderStep step,
        string tokenHash,
        DateTimeOffset now
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            TokenHash = tokenHash,
            AccountId = account.Id,
            NormalizedEmail = account.NormalizedEmail!,
            Provider = provider,
            Issuer = issuer,
            Subject = subject,
            Step = step,
            Connects = step == ProviderStep.Link,
            ExpiresAt = now + Lifetime,
        };

    /// <summary>Whether it is still at this step, and the account is as it was.</summary>
    public bool IsAt(ProviderStep step, string provider, Account account, DateTimeOffset now) =>
        Step == step
        && Provider == provider
        && now < ExpiresAt
        && account.EmailConfirmed
        && account.NormalizedEmail == NormalizedEmail;

    /// <summary>The account is theirs. What is left is the code, which another token is for.</summary>
    public void AskForCode(string tokenHash, bool passwordShown) =>
        (Step, TokenHash, PasswordShown) = (ProviderStep.Code, tokenHash, passwordShown);
}
