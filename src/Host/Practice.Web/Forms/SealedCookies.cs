using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Forms;

/// <summary>
/// Text that a browser keeps for a while and nobody but this site can read or make: it lies sealed, with its own end inside, in a cookie
/// that no script reads.
/// </summary>
public sealed class SealedCookies(IHttpContextAccessor accessor, IDataProtectionProvider protection)
{
    private HttpContext Http =>
        accessor.HttpContext ?? throw new InvalidOperationException("Only an answer to a browser has cookies.");

    /// <param name="path">The pages to which it is sent.</param>
    public void Write(
        string name,
        string text,
        TimeSpan life,
        SameSiteMode sameSite = SameSiteMode.Lax,
        string path = "/"
    ) => Http.Response.Cookies.Append(name, Protector(name).Protect(text, life), Options(life, sameSite, path));

    /// <summary>Null where there is none, or its time is over, or it was made by somebody else.</summary>
    public string? Read(string name)
    {
        try
        {
            return Http.Request.Cookies[name] is { } kept ? Protector(name).Unprotect(kept) : null;
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

    private CookieOptions Options(TimeSpan? life, SameSiteMode sameSite, string path) =>
        new()
        {
            HttpOnly = true,
            SameSite = sameSite,
            Secure = Http.Request.IsHttps,
            MaxAge = life,
            Path = path,
            IsEssential = true,
        };
}
