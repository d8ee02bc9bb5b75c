namespace Practice.Users.Domain;

internal static class EmailAddress
{
    /// <summary>As it is shown, and as emails are addressed.</summary>
    public static string Display(string email) => email.Trim();

    /// <summary>As it is compared: case and surrounding space make no difference.</summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();
}
