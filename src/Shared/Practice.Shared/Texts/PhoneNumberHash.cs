using System.Security.Cryptography;
using System.Text;
using Practice.Shared.Persistence;

namespace Practice.Shared.Texts;

/// <summary>
/// Tells whether two text messages go to one number, and not to which: with a key, since all numbers can be tried.
/// </summary>
public sealed class PhoneNumberHash(EncryptionKeys keys)
{
    /// <summary>Read with the first number: a command that only lists the handlers makes them without keys.</summary>
    private readonly Lazy<byte[]> _key = new(() => keys.SecretFor("phone-numbers"));

    /// <param name="number">In E.164.</param>
    public byte[] Of(string number) => HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(number));
}
