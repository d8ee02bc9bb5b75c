using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Practice.TestKit;

/// <summary>
/// An authenticator with one key (ES256), and the browser in front of it: it answers the challenges of the API as they
/// do (WebAuthn level 3). What a test changes is what an attacker would change.
/// </summary>
public sealed class SoftwarePasskey : IDisposable
{
    private const byte Present = 0x01,
        Recognized = 0x04,
        BackupEligible = 0x08,
        BackedUp = 0x10,
        WithKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string? _userHandle;

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>The page that asks.</summary>
    public string Origin { get; set; } = "https://practice.test";

    /// <summary>The domain that the key signs for; what the options say when null.</summary>
    public string? RpId { get; set; }

    /// <summary>Whether a page of another site embeds the page.</summary>
    public bool CrossOrigin { get; set; }

    /// <summary>Whether the device recognized the person, by a fingerprint or a PIN.</summary>
    public bool Verified { get; set; } = true;

    /// <summary>Kept by a password manager.</summary>
    public bool Synced { get; set; }

    /// <summary>Signatures so far; null for an authenticator that does not count, as synced ones do not.</summary>
    public uint? Counter { get; set; } = 0;

    /// <summary>Whose key it says it is; who it was made for when null.</summary>
    public string? UserHandle
    {
        get => _userHandle;
        set => _userHandle = value is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value));
    }

    public IReadOnlyList<string> Transports { get; set; } = ["internal"];

    /// <summary>What <c>navigator.credentials.create</c> answers to these options.</summary>
    public JsonObject Create(JsonElement options)
    {
        _userHandle ??= options.GetProperty("user").GetProperty("id").GetString();
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        byte[] data =
        [
            .. AuthenticatorData(RpId ?? options.GetProperty("rp").GetProperty("id").GetString()!, WithKey),
            .. new byte[16], // the model: none said
            .. length,
            .. CredentialId,
            // COSE: { 1: EC2, 3: ES256, -1: P-256, -2: x, -3: y }
            .. (ReadOnlySpan<byte>)[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20],
            .. point.X!,
            .. (ReadOnlySpan<byte>)[0x22, 0x58, 0x20],
            .. point.Y!,
        ];
        var size = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)data.Length);
        // CBOR: { "fmt": "none", "attStmt": {}, "authData": data }
        byte[] attestation =
        [
            0xa3,
            .. Text("fmt"),
            .. Text("none"),
            .. Text("attStmt"),
            0xa0,
            .. Text("authData"),
            0x59,
            .. size,
            .. data,
        ];
        return Credential(
            new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(ClientData("webauthn.create", options)),
                ["attestationObject"] = Base64Url.EncodeToString(attestation),
                ["transports"] = new JsonArray([.. Transports.Select(way => JsonValue.Create(way))]),
            }
        );
    }

    /// <summary>What <c>navigator.credentials.get</c> answers to these options.</summary>
    public JsonObject Get(JsonElement options)
    {
        if (Counter is not null)
            Counter++;
        var client = ClientData("webauthn.get", options);
        var data = AuthenticatorData(RpId ?? options.GetProperty("rpId").GetString()!, 0);
        var signature = _key.SignData(
            [.. data, .. SHA256.HashData(client)],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );
        return Credential(
            new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(client),
                ["authenticatorData"] = Base64Url.EncodeToString(data),
                ["signature"] = Base64Url.EncodeToString(signature),
                ["userHandle"] = _userHandle,
            }
        );
    }

    /// <summary>Adds it to the person's account, as their browser does.</summary>
    public async Task<Answer> AddTo(Person person, string name = "Phone")
    {
        var begun = (await person.Api.Post("/api/users/me/passkeys/options")).Should(200);
        return await AddTo(person, begun, name);
    }

    /// <param name="begun">What the call for the options answered.</param>
    public Task<Answer> AddTo(Person person, Answer begun, string name = "Phone") =>
        person.Api.Post(
            "/api/users/me/passkeys",
            new JsonObject
            {
                ["attemptId"] = begun["attemptId"].GetGuid(),
                ["name"] = name,
                ["credential"] = Create(begun["options"]),
            }
        );

    public void Dispose() => _key.Dispose();

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];

    private byte[] AuthenticatorData(string rpId, byte flags)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter ?? 0);
        if (Verified)
            flags |= Recognized;
        if (Synced)
            flags |= BackupEligible | BackedUp;
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(rpId)), (byte)(flags | Present), .. counter];
    }

    private byte[] ClientData(string type, JsonElement options) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["type"] = type,
                ["challenge"] = options.GetProperty("challenge").GetString(),
                ["origin"] = Origin,
                ["crossOrigin"] = CrossOrigin,
            }
        );

    private JsonObject Credential(JsonObject response) =>
        new()
        {
            ["id"] = Base64Url.EncodeToString(CredentialId),
            ["rawId"] = Base64Url.EncodeToString(CredentialId),
            ["type"] = "public-key",
            ["authenticatorAttachment"] = "platform",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = response,
        };
}
