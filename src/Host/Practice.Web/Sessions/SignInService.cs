using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Practice.Client;
using Practice.Web.Drafts;

namespace Practice.Web.Sessions;

/// <summary>Signs a browser in and out.</summary>
internal sealed class SignInService(
    TimeProvider clock,
    PracticeApi api,
    DraftKeeper drafts,
    IServiceScopeFactory scopes
)
{
    /// <summary>
    /// The browser gets the cookie of a new session; the API tokens stay on the server. The session that the browser
    /// had ends: a copy of its cookie must not open the new one.
    /// </summary>
    public async Task SignInAsync(HttpContext http, SignedIn signedIn)
    {
        if (http.User.Identity?.IsAuthenticated == true)
            await SignOutAsync(http);

        Tokens.Use(http, signedIn.AccessToken); // from here on this request is the new session's
        var me = (await api.GetMeAsync()).Result.Id;
        drafts.SetOwner(me);
        var person = new ClaimsPrincipal(SessionOwner.IdentityOf(me));
        var session = new AuthenticationProperties();
        session.StoreTokens(Tokens.Of(signedIn, clock.GetUtcNow()));

        // This request's cookie handler remembers the old session and would use its key again. A new scope has a new
        // handler.
        await using var scope = scopes.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<IAuthenticationService>()
            .SignInAsync(http, CookieAuthenticationDefaults.AuthenticationScheme, person, session);
    }

    /// <summary>Ends the API session too, so that a copy of the cookie is useless.</summary>
    public async Task SignOutAsync(HttpContext http)
    {
        try
        {
            if (Tokens.AccessOf(http) is not null)
                await api.SignOutAsync();
        }
        catch (Exception failed) when (failed is ApiProblemException or HttpRequestException or TaskCanceledException)
        {
            // The session has ended already, or the API is away. The cookie is deleted in any case.
        }

        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
