using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Forms;

/// <summary>
/// Short-lived text that the browser keeps for this site. Only the site can read or create it: it is encrypted with its
/// expiry inside, in a cookie that scripts cannot read.
/// </summary>
public sealed class EncryptedCookies(IHttpContextAccessor accessor, IDataProtectionProvider protection)
{
    private HttpContext Http =>
        accessor.HttpContext ?? throw new InvalidOperationException("Cookies need an HTTP request.");

    /// <param name="path">The pages that receive the cookie.</param>
    public void Write(
        string name,
        string text,
        TimeSpan lifetime,
        SameSiteMode sameSite = SameSiteMode.Lax,
        string path = "/"
    ) => Http.Response.Cookies.Append(name, Protector(name).Protect(text, lifetime), Options(lifetime, sameSite, path));

    /// <summary>Null where there is none, it has expired, or this site did not create it.</summary>
    public string? Read(string name)
    {
        try
        {
            return Http.Request.Cookies[name] is { } cookie ? Protector(name).Unprotect(cookie) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="Write"/>
    public void Delete(string name, SameSiteMode sameSite = SameSiteMode.Lax, string path = "/")
    {
        if (!Http.Response.HasStarted && Http.Request.Cookies.ContainsKey(name))
            Http.Response.Cookies.Delete(name, Options(null, sameSite, path));
    }

    private ITimeLimitedDataProtector Protector(string name) =>
        protection.CreateProtector("Practice.Web.Cookie", name).ToTimeLimitedDataProtector();

    private static CookieOptions Options(TimeSpan? lifetime, SameSiteMode sameSite, string path) =>
        new()
        {
            HttpOnly = true,
            SameSite = sameSite,
            MaxAge = lifetime,
            Path = path,
            IsEssential = true,
        };
}
