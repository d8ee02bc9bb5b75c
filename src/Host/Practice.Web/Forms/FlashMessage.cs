namespace Practice.Web.Forms;

/// <summary>
/// One sentence about what was just done, shown once by the page after a redirect. It may name a person, so it is
/// encrypted.
/// </summary>
public sealed class FlashMessage(EncryptedCookies cookies)
{
    private const string Cookie = "practice-flash";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>The message that this page has taken.</summary>
    public string? Current { get; private set; }

    public void Set(string message) => cookies.Write(Cookie, message, Lifetime);

    /// <summary>The message of the page before, once.</summary>
    public string? Take()
    {
        cookies.Delete(Cookie);
        return cookies.Read(Cookie) is { } message ? Current = message : null;
    }
}
