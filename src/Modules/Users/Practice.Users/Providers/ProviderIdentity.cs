namespace Practice.Users.Providers;

/// <summary>Who the person is, in the provider's words.</summary>
/// <param name="AccessToken">Reads the email where the id token has none. It is not kept.</param>
internal sealed record ProviderIdentity(
    string Issuer,
    string Subject,
    string? Email,
    bool EmailVerified,
    string? AccessToken
);
