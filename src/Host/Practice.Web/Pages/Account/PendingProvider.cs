using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Practice.Web.Forms;

namespace Practice.Web.Pages.Account;

/// <summary>
/// A sign-in with an identity provider, while the person is at the provider or at the next step here. Only the browser
/// that began it has it. The cookie also comes along from the provider's site and from a mail program (Lax).
/// </summary>
/// <param name="Secret">The attempt, or the token of the step.</param>
/// <param name="To">The page to open once signed in.</param>
/// <param name="Connects">Whether the provider is only connected with the account that is signed in.</param>
internal sealed record PendingProvider(string Provider, string Secret, string To, bool Connects)
{
    private const string AttemptCookie = "practice-provider",
        StepCookie = "practice-provider-step",
        Path = "/sign-in";

    private static readonly TimeSpan AttemptLifetime = TimeSpan.FromMinutes(10),
        StepLifetime = TimeSpan.FromHours(1);

    public void WriteAttempt(EncryptedCookies cookies) => Write(cookies, AttemptCookie, AttemptLifetime);

    public void WriteStep(EncryptedCookies cookies) => Write(cookies, StepCookie, StepLifetime);

    /// <summary>The attempt, which works once.</summary>
    public static PendingProvider? TakeAttempt(EncryptedCookies cookies, string provider)
    {
        var attempt = Read(cookies, AttemptCookie, provider);
        cookies.Delete(AttemptCookie, SameSiteMode.Lax, Path);
        return attempt;
    }

    public static PendingProvider? ReadStep(EncryptedCookies cookies, string provider) =>
        Read(cookies, StepCookie, provider);

    public static void DeleteStep(EncryptedCookies cookies) => cookies.Delete(StepCookie, SameSiteMode.Lax, Path);

    private void Write(EncryptedCookies cookies, string name, TimeSpan lifetime) =>
        cookies.Write(name, JsonSerializer.Serialize(this), lifetime, SameSiteMode.Lax, Path);

    private static PendingProvider? Read(EncryptedCookies cookies, string name, string provider) =>
        cookies.Read(name) is { } text
        && JsonSerializer.Deserialize<PendingProvider>(text) is { } pending
        && string.Equals(pending.Provider, provider, StringComparison.OrdinalIgnoreCase)
            ? pending
            : null;
}
