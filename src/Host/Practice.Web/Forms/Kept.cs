using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Practice.Web.Forms;

/// <summary>
/// What was typed on one page and is needed on a later one, such as an email and its password while the code is fetched.
/// It travels sealed, in a cookie that no script reads and that is sent to those pages alone.
/// </summary>
public sealed class Kept(IHttpContextAccessor accessor, IDataProtectionProvider protection)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("Only a page can keep something.");

    /// <param name="path">Where it is needed, such as <c>/sign-in</c>; the cookie is named after it.</param>
    /// <param name="life">Some minutes, unless more is needed.</param>
    public void Keep(string path, string text, TimeSpan? life = null) =>
        Http.Response.Cookies.Append(Name(path), Protector(path).Protect(text, life ?? Life), Options(path, life ?? Life));

    /// <summary>Null where nothing was kept, or too long ago.</summary>
    public string? Read(string path)
    {
        try
        {
            return Http.Request.Cookies[Name(path)] is { } kept ? Protector(path).Unprotect(kept) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Forget(string path)
    {
        if (Http.Request.Cookies.ContainsKey(Name(path)))
            Http.Response.Cookies.Delete(Name(path), Options(path, null));
    }

    private static string Name(string path) => $"practice-kept{path.Replace('/', '-')}";

    private ITimeLimitedDataProtector Protector(string path) => protection.CreateProtector("Practice.Web.Kept", path).ToTimeLimitedDataProtector();

    private CookieOptions Options(string path, TimeSpan? life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = Http.Request.IsHttps, MaxAge = life, Path = path, IsEssential = true };
}
