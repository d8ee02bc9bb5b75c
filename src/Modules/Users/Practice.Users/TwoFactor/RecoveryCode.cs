using System.Security.Cryptography;

namespace Practice.Users.TwoFactor;

/// <summary>
/// A recovery code, such as <c>7KQ4MX-T9B2HV-…</c>. It has 120 random bits: stored as a plain hash, shorter ones could
/// be found in a copy of the database (NIST SP 800-63B asks for 112).
/// </summary>
internal static class RecoveryCode
{
    /// <summary>Without letters that are read as others.</summary>
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    private const int Length = 24;
    private const int Group = 6;

    /// <summary>Of the codes of earlier releases, with one dash in the middle.</summary>
    private const int EarlierLength = 10;

    public static string New() => Grouped(RandomNumberGenerator.GetString(Letters, Length), Group);

    /// <summary>A typed code as it was written: people leave dashes out, or type others, or small letters.</summary>
    public static string Written(string typed)
    {
        var letters = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return Grouped(letters, letters.Length == EarlierLength ? EarlierLength / 2 : Group);
    }

    private static string Grouped(string letters, int size) =>
        string.Join('-', letters.Chunk(size).Select(part => new string(part)));
}
