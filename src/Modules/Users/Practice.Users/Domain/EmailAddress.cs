namespace Practice.Users.Domain;

internal static class EmailAddress
{
    /// <summary>As it is shown and mailed to.</summary>
    public static string Display(string email) => email.Trim();

    /// <summary>As it is compared: one person's address in another case, or with space around it, is the same address.</summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();
}
