using Microsoft.AspNetCore.Http;
using Practice.Web.Forms;

namespace Practice.Web;

/// <summary>
/// A practice's invitation whose link was followed and that is not claimed yet. Signing up leads over a mail and so away from the link:
/// the browser keeps its token meanwhile.
/// </summary>
public sealed class PendingClaim(IHttpContextAccessor accessor, SealedCookies cookies)
{
    private const string Cookie = "practice-claim";
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);

    private bool _forgotten;

    private HttpRequest Request =>
        accessor.HttpContext?.Request ?? throw new InvalidOperationException("Only a page can claim something.");

    /// <summary>Of the link, or of one followed before; null where there is none.</summary>
    public string? Token =>
        _forgotten ? null
        : Request.Query["token"].ToString() is { Length: > 0 } token && Request.Path.StartsWithSegments("/portal/claim")
            ? token
        : cookies.Read(Cookie);

    public void Keep()
    {
        if (Token is { } token && token != cookies.Read(Cookie))
            cookies.Write(Cookie, token, Life);
    }

    public void Forget()
    {
        _forgotten = true;
        cookies.Delete(Cookie);
    }
}
