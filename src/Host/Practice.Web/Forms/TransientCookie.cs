using Microsoft.AspNetCore.Http;

namespace Practice.Web.Forms;

/// <summary>
/// Input of one page that a later page needs, such as the email and password while the person gets a code. Only those
/// pages receive the cookie.
/// </summary>
public sealed class TransientCookie(EncryptedCookies cookies)
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(5);

    /// <param name="path">The page that needs it, such as <c>/sign-in</c>; the cookie is named after it.</param>
    /// <param name="lifetime">Five minutes by default.</param>
    public void Write(string path, string text, TimeSpan? lifetime = null) =>
        cookies.Write(Name(path), text, lifetime ?? DefaultLifetime, SameSiteMode.Strict, path);

    /// <summary>Null where nothing was written, or it has expired.</summary>
    public string? Read(string path) => cookies.Read(Name(path));

    public void Delete(string path) => cookies.Delete(Name(path), SameSiteMode.Strict, path);

    private static string Name(string path) => $"practice-input{path.Replace('/', '-')}";
}
