using System.Text.Json;
using Practice.Web.Forms;

namespace Practice.Web.Pages.Account;

/// <summary>The email and password of a sign-in that still needs a code, so that the person types them once.</summary>
internal static class PendingSignIn
{
    public const string Path = "/sign-in";

    public static string Write(string email, string password) => JsonSerializer.Serialize(new[] { email, password });

    public static (string Email, string Password)? Read(TransientCookie cookie) =>
        cookie.Read(Path) is { } text && JsonSerializer.Deserialize<string[]>(text) is [var email, var password]
            ? (email, password)
            : null;
}
