using System.Buffers.Text;
using System.Security.Cryptography;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data;

/// <summary>
/// The secret in the link of a patient invitation. It is the same each time that the email is sent: it may be sent
/// twice, with one <c>Message-ID</c>, and a mailbox then keeps the first. The database has its hash, and not the key.
/// </summary>
public sealed class InvitationSecret(EncryptionKeys keys)
{
    /// <summary>Read with the first link: a command that only lists the handlers makes them without keys.</summary>
    private readonly Lazy<byte[]> _key = new(() => keys.SecretFor("patient-invitations"));

    public string Of(Guid invitationId) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key.Value, invitationId.ToByteArray(bigEndian: true)));
}
