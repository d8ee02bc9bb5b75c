using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Practice.Users.Passwords;

/// <summary>
/// The commonest passwords of 12 characters or more, as sorted beginnings of their hashes.
/// <c>tools/common-passwords.cs</c> says where they come from and writes the file.
/// </summary>
internal static class CommonPasswords
{
    private const int Size = 5;

    private static readonly byte[] Hashes = Resources.Read("common-passwords.bin");

    public static bool Contains(string password)
    {
        var wanted = SHA256.HashData(Encoding.UTF8.GetBytes(password.ToLowerInvariant())).AsSpan(0, Size);
        var (from, to) = (0, Hashes.Length / Size);
        while (from < to)
        {
            var middle = (from + to) / 2;
            var order = wanted.SequenceCompareTo(Hashes.AsSpan(middle * Size, Size));
            if (order == 0)
                return true;
            (from, to) = order < 0 ? (from, middle) : (middle + 1, to);
        }

        return false;
    }
}

/// <summary>Files in this assembly.</summary>
internal static class Resources
{
    public static byte[] Read(string file)
    {
        using var stream = Assembly
            .GetExecutingAssembly()
            .GetManifestResourceStream($"Practice.Users.Passwords.{file}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
