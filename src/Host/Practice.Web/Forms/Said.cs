using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Forms;

/// <summary>One sentence about what was just done, shown by the page that the browser is sent on to. It may name a person, so it travels sealed.</summary>
public sealed class Said(IHttpContextAccessor accessor, IDataProtectionProvider protection)
{
    private const string Cookie = "practice-said";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Practice.Web.Said").ToTimeLimitedDataProtector();

    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("Only a page can say something.");

    /// <summary>What was heard while this very page was made.</summary>
    public string? Heard { get; private set; }

    public void Say(string sentence) => Http.Response.Cookies.Append(Cookie, _protector.Protect(sentence, Life), Options());

    /// <summary>What the page before has said; once.</summary>
    public string? Hear()
    {
        if (Http.Request.Cookies[Cookie] is not { } kept)
            return null;
        if (!Http.Response.HasStarted)
            Http.Response.Cookies.Delete(Cookie, Options());
        try
        {
            return Heard = _protector.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private CookieOptions Options() => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = Http.Request.IsHttps, MaxAge = Life, IsEssential = true };
}
