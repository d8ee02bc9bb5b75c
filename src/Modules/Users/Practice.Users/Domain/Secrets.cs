using System.Buffers.Text;
using System.Security.Cryptography;

namespace Practice.Users.Domain;

internal static class Secrets
{
    /// <summary>A new opaque token: 256 random bits, safe in a URL. It is handed out once and stored only as its hash.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
