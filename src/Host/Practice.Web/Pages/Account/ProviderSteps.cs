using Microsoft.AspNetCore.Http;
using Practice.Client;
using Practice.Web.Forms;
using Practice.Web.Sessions;

namespace Practice.Web.Pages.Account;

/// <summary>Where a sign-in with an identity provider goes on.</summary>
internal static class ProviderSteps
{
    /// <summary>Remembers what has begun at the provider.</summary>
    /// <param name="to">The page to open afterwards.</param>
    /// <returns>The provider's page.</returns>
    public static string Begin(
        this EncryptedCookies cookies,
        string provider,
        ProviderSignInBegun begun,
        string to,
        bool connects = false
    )
    {
        new PendingProvider(provider, begun.Attempt, to, connects).WriteAttempt(cookies);
        return begun.AuthorizeUrl;
    }

    /// <summary>Signs the browser in, or remembers the step that is needed first.</summary>
    /// <returns>The next page.</returns>
    public static async Task<string> GoOnAsync(
        this SignInService signInService,
        HttpContext http,
        EncryptedCookies cookies,
        PendingProvider pending,
        ProviderSignInView answer
    )
    {
        if (answer.Session is { } session)
            return await signInService.EndAsync(http, cookies, pending, session);
        var step = answer.Step!;
        (pending with { Secret = step.Token }).WriteStep(cookies);
        return $"/sign-in/provider/{pending.Provider}/{(step.Kind == ProviderStep.Code ? "code" : "link")}";
    }

    /// <inheritdoc cref="GoOnAsync"/>
    public static async Task<string> EndAsync(
        this SignInService signInService,
        HttpContext http,
        EncryptedCookies cookies,
        PendingProvider pending,
        SignedIn session
    )
    {
        await signInService.SignInAsync(http, session);
        PendingProvider.DeleteStep(cookies);
        return session.MustChangePassword ? "/change-password" : PageUrl.LocalOr(pending.To, "/");
    }
}
