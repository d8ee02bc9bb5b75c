using Microsoft.AspNetCore.Http;
using Practice.Web.Forms;

namespace Practice.Web;

/// <summary>
/// A practice's invitation to the portal that was opened and not claimed yet. A new person leaves the page to confirm
/// their email, so a cookie keeps the token until they are back.
/// </summary>
public sealed class PendingClaim(IHttpContextAccessor accessor, EncryptedCookies cookies)
{
    private const string Cookie = "practice-claim";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    private bool _forgotten;

    private HttpRequest Request =>
        accessor.HttpContext?.Request ?? throw new InvalidOperationException("A claim needs an HTTP request.");

    /// <summary>The token of the current link, or of an earlier one; null where there is none.</summary>
    public string? Token =>
        _forgotten ? null
        : Request.Query["token"].ToString() is { Length: > 0 } token && Request.Path.StartsWithSegments("/portal/claim")
            ? token
        : cookies.Read(Cookie);

    public void Keep()
    {
        if (Token is { } token && token != cookies.Read(Cookie))
            cookies.Write(Cookie, token, Lifetime);
    }

    public void Forget()
    {
        _forgotten = true;
        cookies.Delete(Cookie);
    }
}
