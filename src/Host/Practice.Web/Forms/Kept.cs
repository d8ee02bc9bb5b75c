using Microsoft.AspNetCore.Http;

namespace Practice.Web.Forms;

/// <summary>
/// What was typed on one page and is needed on a later one, such as an email and its password while the code is fetched. It is sent to
/// those pages alone.
/// </summary>
public sealed class Kept(SealedCookies cookies)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <param name="path">Where it is needed, such as <c>/sign-in</c>; the cookie is named after it.</param>
    /// <param name="life">Some minutes, unless more is needed.</param>
    public void Keep(string path, string text, TimeSpan? life = null) =>
        cookies.Write(Name(path), text, life ?? Life, SameSiteMode.Strict, path);

    /// <summary>Null where nothing was kept, or too long ago.</summary>
    public string? Read(string path) => cookies.Read(Name(path));

    public void Forget(string path) => cookies.Delete(Name(path), SameSiteMode.Strict, path);

    private static string Name(string path) => $"practice-kept{path.Replace('/', '-')}";
}
