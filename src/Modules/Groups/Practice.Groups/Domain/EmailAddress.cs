namespace Practice.Groups.Domain;

internal static class EmailAddress
{
    /// <summary>For comparing addresses: ignores case and surrounding space.</summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();
}
