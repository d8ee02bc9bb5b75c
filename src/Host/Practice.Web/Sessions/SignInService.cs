using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Practice.Client;
using Claim = System.Security.Claims.Claim;

namespace Practice.Web.Sessions;

/// <summary>Signs a browser in and out.</summary>
internal sealed class SignInService(TimeProvider clock, PracticeApi api)
{
    /// <summary>The browser gets the session cookie; the API tokens stay on the server.</summary>
    public Task SignInAsync(HttpContext http, SignedIn signedIn)
    {
        // The name of this session; antiforgery tokens are bound to it. The API knows who the person is.
        var name = new Claim(ClaimTypes.Name, Guid.NewGuid().ToString());
        var person = new ClaimsPrincipal(new ClaimsIdentity([name], CookieAuthenticationDefaults.AuthenticationScheme));
        var session = new AuthenticationProperties();
        session.StoreTokens(Tokens.Of(signedIn, clock.GetUtcNow()));
        return http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, person, session);
    }

    /// <summary>Ends the API session too, so that a copy of the cookie is useless.</summary>
    public async Task SignOutAsync(HttpContext http)
    {
        try
        {
            if (Tokens.AccessOf(http) is not null)
                await api.SignOutAsync();
        }
        catch (ApiProblemException)
        {
            // The session has ended already, or the API is away. The cookie is deleted in any case.
        }

        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
