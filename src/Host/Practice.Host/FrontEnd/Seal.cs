using System.Security.Cryptography;
using System.Text;
using Practice.Shared.Persistence;

namespace Practice.Host.FrontEnd;

/// <summary>
/// Seals what the front end keeps in the database (AES-GCM) with a key derived as the roles' passwords are: every host knows it, and
/// whoever has only the database, or a copy of it, reads nothing and can change nothing unseen.
/// </summary>
internal sealed class Seal(PracticeDatabase database)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[] _key = database.SecretFor("front-end");

    /// <param name="place">Where it will lie; it opens nowhere else.</param>
    public byte[] Close(string place, byte[] content)
    {
        var closed = new byte[NonceSize + TagSize + content.Length];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(
            closed.AsSpan(0, NonceSize),
            content,
            closed.AsSpan(NonceSize + TagSize),
            closed.AsSpan(NonceSize, TagSize),
            Encoding.UTF8.GetBytes(place)
        );
        return closed;
    }

    /// <returns>Null where it was sealed with another key, or elsewhere, or was changed.</returns>
    public byte[]? Open(string place, byte[] closed)
    {
        if (closed.Length < NonceSize + TagSize)
            return null;
        var content = new byte[closed.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        try
        {
            aes.Decrypt(
                closed.AsSpan(0, NonceSize),
                closed.AsSpan(NonceSize + TagSize),
                closed.AsSpan(NonceSize, TagSize),
                content,
                Encoding.UTF8.GetBytes(place)
            );
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
