using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Providers;

/// <summary>Either the session, or what is still needed for it.</summary>
/// <param name="Session">Null if a step is needed first.</param>
/// <param name="Step">Null if the person is signed in.</param>
public sealed record ProviderSignInView(SignedIn? Session, ProviderStepView? Step)
{
    public static ProviderSignInView Of(SignedIn session) => new(session, null);
}

/// <param name="Kind">
/// <c>link</c>: the account's password, or a link to its email, confirms once that the provider may sign in here.
/// <c>code</c>: a code of the authenticator app or a recovery code.
/// </param>
/// <param name="Token">Sent with that step. It works for an hour.</param>
public sealed record ProviderStepView(ProviderStep Kind, string Token);
