using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Practice.Users.Providers;

/// <summary>
/// The secrets of one sign-in with a provider, all derived from the token that the client holds: only its hash is
/// stored, so what the database holds is enough for nobody.
/// </summary>
internal sealed class AttemptSecrets(string token)
{
    /// <summary>Comes back through the browser: shows that the answer belongs to this sign-in.</summary>
    public string State { get; } = Derive(token, "state");

    /// <summary>Comes back in the id token: shows that the token was issued for this sign-in.</summary>
    public string Nonce { get; } = Derive(token, "nonce");

    /// <summary>Goes to the provider with the code: shows that the code was issued for this sign-in (PKCE).</summary>
    public string CodeVerifier { get; } = Derive(token, "code_verifier");

    /// <summary>By RFC 7636, S256.</summary>
    public string CodeChallenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(CodeVerifier)));

    public bool IsState(string state) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(State));

    private static string Derive(string token, string purpose) =>
        Base64Url.EncodeToString(
            HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                Encoding.UTF8.GetBytes(token),
                32,
                info: Encoding.UTF8.GetBytes($"provider-sign-in/{purpose}")
            )
        );
}
