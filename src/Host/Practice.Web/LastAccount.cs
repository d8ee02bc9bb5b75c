using Microsoft.AspNetCore.Http;
using Practice.Client;

namespace Practice.Web;

/// <summary>
/// The portal account that this browser opened last; the portal starts there next time, if the person still has access.
/// </summary>
internal static class LastAccount
{
    private const string Cookie = "practice-portal";

    public static void Keep(HttpContext http, Guid accountId)
    {
        if (!http.Response.HasStarted && http.Request.Cookies[Cookie] != accountId.ToString())
            http.Response.Cookies.Append(
                Cookie,
                accountId.ToString(),
                new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Lax,
                    IsEssential = true,
                }
            );
    }

    /// <summary>The last one opened, else the person's own, else any; null where there is none.</summary>
    public static OpenableAccount? Of(HttpContext http, IReadOnlyCollection<OpenableAccount> accounts) =>
        accounts.FirstOrDefault(account => account.AccountId.ToString() == http.Request.Cookies[Cookie])
        ?? accounts.OrderBy(account => account.Relation).FirstOrDefault();
}
