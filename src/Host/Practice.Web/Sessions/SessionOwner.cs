using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Claim = System.Security.Claims.Claim;

namespace Practice.Web.Sessions;

/// <summary>
/// Whose a browser session is. Antiforgery tokens are bound to the person, so a form that was opened before a pause
/// still works after the same person signed in again, in this window or another.
/// </summary>
internal static class SessionOwner
{
    public static ClaimsIdentity IdentityOf(Guid personId) =>
        new(
            [new Claim(ClaimTypes.NameIdentifier, personId.ToString())],
            CookieAuthenticationDefaults.AuthenticationScheme
        );

    /// <summary>Null where nobody is signed in, or since an earlier release that did not keep it.</summary>
    public static Guid? Of(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true
        && Guid.TryParse(user.FindFirst(ClaimTypes.NameIdentifier)?.Value, out var person)
            ? person
            : null;
}
