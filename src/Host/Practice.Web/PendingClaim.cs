using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Practice.Web;

/// <summary>
/// A practice's invitation whose link was followed and that is not claimed yet. Signing up leads over a mail and so away from the link:
/// the browser keeps its token meanwhile, sealed.
/// </summary>
public sealed class PendingClaim(IHttpContextAccessor accessor, IDataProtectionProvider protection)
{
    private const string Cookie = "practice-claim";
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Practice.Web.PendingClaim").ToTimeLimitedDataProtector();

    private bool _forgotten;

    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("Only a page can claim something.");

    /// <summary>Of the link, or of one followed before; null where there is none.</summary>
    public string? Token => _forgotten ? null : Http.Request.Query["token"].ToString() is { Length: > 0 } token && Http.Request.Path.StartsWithSegments("/portal/claim") ? token : Kept;

    private string? Kept
    {
        get
        {
            try
            {
                return Http.Request.Cookies[Cookie] is { } kept ? _protector.Unprotect(kept) : null;
            }
            catch (CryptographicException)
            {
                return null;
            }
        }
    }

    public void Keep()
    {
        if (Token is { } token && token != Kept)
            Http.Response.Cookies.Append(Cookie, _protector.Protect(token, Life), Options(Life));
    }

    public void Forget()
    {
        _forgotten = true;
        if (Http.Request.Cookies.ContainsKey(Cookie))
            Http.Response.Cookies.Delete(Cookie, Options(null));
    }

    private CookieOptions Options(TimeSpan? life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = Http.Request.IsHttps, MaxAge = life, IsEssential = true };
}
