using System.Buffers.Text;
using System.Security.Cryptography;

namespace Practice.Shared.Http;

public static class RandomToken
{
    /// <summary>
    /// A new opaque token: 256 random bits, URL-safe. It is handed out once; only its hash is stored.
    /// </summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
