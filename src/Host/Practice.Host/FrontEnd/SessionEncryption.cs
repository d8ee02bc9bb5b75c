using System.Security.Cryptography;
using System.Text;
using Practice.Shared.Persistence;

namespace Practice.Host.FrontEnd;

/// <summary>
/// Encrypts what the front end stores in the database (AES-GCM). The key is derived like the passwords of the database
/// roles, so every host has it, and a copy of the database alone can be neither read nor changed unnoticed.
/// </summary>
internal sealed class SessionEncryption(PracticeDatabase database)
{
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private readonly byte[] _key = database.SecretFor("front-end");

    /// <param name="context">Where the content is stored; it cannot be decrypted in another place.</param>
    public byte[] Encrypt(string context, byte[] content)
    {
        var encrypted = new byte[NonceSize + TagSize + content.Length];
        RandomNumberGenerator.Fill(encrypted.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
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
        using var aes = new AesGcm(_key, TagSize);
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
