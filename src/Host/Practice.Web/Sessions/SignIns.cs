using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Practice.Client;
using Claim = System.Security.Claims.Claim;

namespace Practice.Web.Sessions;

/// <summary>Opens and ends a browser's session.</summary>
internal sealed class SignIns(TimeProvider clock, PracticeApi api)
{
    /// <summary>The browser holds the cookie from here on; the API's tokens stay on the server.</summary>
    public Task OpenAsync(HttpContext http, SignedIn signedIn)
    {
        // A name for this session, to which the tokens of its forms are bound. Who the person is the API knows.
        var name = new Claim(ClaimTypes.Name, Guid.NewGuid().ToString());
        var person = new ClaimsPrincipal(new ClaimsIdentity([name], CookieAuthenticationDefaults.AuthenticationScheme));
        var session = new AuthenticationProperties();
        session.StoreTokens(Tokens.Of(signedIn, clock.GetUtcNow()));
        return http.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, person, session);
    }

    /// <summary>Ends the API's session too, so that no copy of the cookie is worth anything.</summary>
    public async Task EndAsync(HttpContext http)
    {
        try
        {
            if (Tokens.AccessOf(http) is not null)
                await api.SignOutAsync();
        }
        catch (ApiRefusedException)
        {
            // It was over already, or can't be reached: the cookie goes all the same.
        }

        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
    }
}
