using System.Security.Cryptography;
using System.Text;

namespace Practice.Shared.Persistence;

/// <summary>
/// Encrypts data for the database (AES-GCM): without the key it is neither read nor changed unnoticed.
/// </summary>
public class DataEncryption(byte[] key)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <param name="context">Where the content is stored; it cannot be decrypted in another place.</param>
    public byte[] Encrypt(string context, byte[] content)
    {
        var encrypted = new byte[NonceSize + TagSize + content.Length];
        RandomNumberGenerator.Fill(encrypted.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            encrypted.AsSpan(0, NonceSize),
            content,
            encrypted.AsSpan(NonceSize + TagSize),
            encrypted.AsSpan(NonceSize, TagSize),
            Encoding.UTF8.GetBytes(context)
        );
        return encrypted;
    }

    /// <returns>Null where the key or the context is another one, or the content was changed.</returns>
    public byte[]? Decrypt(string context, byte[] encrypted)
    {
        if (encrypted.Length < NonceSize + TagSize)
            return null;
        var content = new byte[encrypted.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(
                encrypted.AsSpan(0, NonceSize),
                encrypted.AsSpan(NonceSize + TagSize),
                encrypted.AsSpan(NonceSize, TagSize),
                content,
                Encoding.UTF8.GetBytes(context)
            );
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
