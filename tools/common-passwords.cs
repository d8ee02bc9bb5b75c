// Writes common-passwords.bin from a list of passwords, the commonest first, one a line:
//
//     dotnet run tools/common-passwords.cs -- LIST src/Modules/Users/Practice.Users/Passwords/common-passwords.bin
//
// The list in use is Mark Burnett's of ten million passwords (public domain), its first million by frequency. Of these
// the 44,150 with twelve characters or more are kept, each as the first five bytes of the SHA-256 of its lower case:
// so the product contains no password, and looks one up in 16 steps.

using System.Security.Cryptography;
using System.Text;

const int minLength = 12;
const int size = 5;

var hashes = File.ReadLines(args[0])
    .Where(line => line.EnumerateRunes().Count() >= minLength)
    .Select(line =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(line.ToLowerInvariant())).AsSpan(0, size))
    )
    .Distinct()
    .Order(StringComparer.Ordinal)
    .ToList();
File.WriteAllBytes(args[1], [.. hashes.SelectMany(Convert.FromHexString)]);
Console.WriteLine($"{hashes.Count} passwords.");
