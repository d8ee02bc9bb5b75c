namespace Practice.Shared.Limits;

/// <summary>How long a password may be, in characters as people count them.</summary>
public static class PasswordLength
{
    public const int Min = 12;
    public const int Max = 128;

    /// <summary>
    /// What the longest can take in UTF-16, for limits that count units: they must accept every accepted password.
    /// </summary>
    public const int MaxUtf16Units = 2 * Max;
}
