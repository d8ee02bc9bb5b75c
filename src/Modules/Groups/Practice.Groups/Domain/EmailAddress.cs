namespace Practice.Groups.Domain;

internal static class EmailAddress
{
    /// <summary>The form in which two spellings of one address are the same: surrounding space and case don't count.</summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();
}
