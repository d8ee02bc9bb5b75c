using System.Text.Json;
using Practice.Web.Forms;

namespace Practice.Web.Pages.Account;

/// <summary>The email and password of somebody who is asked for a code too, so that nobody types them twice.</summary>
internal static class SecondStep
{
    public const string Path = "/sign-in";

    public static string Write(string email, string password) => JsonSerializer.Serialize(new[] { email, password });

    public static (string Email, string Password)? Read(Kept kept) =>
        kept.Read(Path) is { } text && JsonSerializer.Deserialize<string[]>(text) is [var email, var password]
            ? (email, password)
            : null;
}
