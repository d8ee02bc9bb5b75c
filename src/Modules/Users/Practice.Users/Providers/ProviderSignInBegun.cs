namespace Practice.Users.Providers;

/// <param name="AuthorizeUrl">The provider's page, for the person's browser.</param>
/// <param name="Attempt">
/// For the call that completes it, within ten minutes. Keep it where only this browser has it: it shows that the
/// answer comes to the one who asked.
/// </param>
internal sealed record ProviderSignInBegun(string AuthorizeUrl, string Attempt);

internal static class ProviderAttempts
{
    /// <summary>Begins an attempt at the provider. It is stored once the provider's page is known.</summary>
    /// <param name="command">Stores the attempt, by the hash of its token.</param>
    public static async Task<IResult> BeginAsync(
        this IModuleBus bus,
        IdentityProvider provider,
        Func<string, ICommand<Success>> command,
        CancellationToken ct
    )
    {
        var attempt = RandomToken.New();
        if (await provider.AuthorizeUrlAsync(new AttemptSecrets(attempt), ct) is var url && url.IsError)
            return Problems.ToProblem(url.Errors);
        return (await bus.SendAsync(command(AuthorizationRequest.Hash(attempt)), ct)).ToHttp(_ =>
            Results.Ok(new ProviderSignInBegun(url.Value, attempt))
        );
    }
}
