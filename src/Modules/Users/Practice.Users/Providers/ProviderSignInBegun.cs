namespace Practice.Users.Providers;

/// <param name="AuthorizeUrl">The provider's page, for the person's browser.</param>
/// <param name="Attempt">
/// For the call that completes it, within ten minutes. Keep it where only this browser has it: it shows that the
/// answer comes to the one who asked.
/// </param>
internal sealed record ProviderSignInBegun(string AuthorizeUrl, string Attempt);
