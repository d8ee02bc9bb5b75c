namespace Practice.Shared.Http;

public static class EmailAddress
{
    /// <summary>
    /// The form in which two spellings of one address are equal: case and surrounding space do not count.
    /// </summary>
    public static string Normalize(string email) => email.Trim().ToUpperInvariant();
}
