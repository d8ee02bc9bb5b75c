using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Practice.TestKit;

/// <summary>A person's authenticator app (RFC 6238).</summary>
public sealed class Authenticator
{
    private readonly byte[] _secret;

    private Authenticator(string key, string used, string[] recoveryCodes)
    {
        _secret = Decode(key);
        (Used, RecoveryCodes) = (used, recoveryCodes);
    }

    /// <summary>The code that turned two factors on; it is good for nothing else.</summary>
    public string Used { get; }

    public IReadOnlyList<string> RecoveryCodes { get; }

    /// <summary>Turns two factors on with the app's present code.</summary>
    public static async Task<Authenticator> EnableFor(Person person)
    {
        var key = await KeyFor(person);
        var code = Code(key);
        var enabled = (await person.Api.Post("/api/users/me/two-factor/enable", new { code })).Should(200);
        return new Authenticator(
            key,
            code,
            [.. enabled["recoveryCodes"].EnumerateArray().Select(recovery => recovery.GetString()!)]
        );
    }

    /// <summary>A key for the person's app. It counts once a code of the app has turned two factors on.</summary>
    public static async Task<string> KeyFor(Person person) =>
        (await person.Api.Post("/api/users/me/two-factor", new { password = person.Password }))
            .Should(200)["sharedKey"]
            .GetString()!;

    /// <summary>
    /// What an app with this key shows now, or next. A test has these two: each counts once, and an earlier one could
    /// be too old when it arrives.
    /// </summary>
    public static string Code(string key, int ahead = 0) => Code(Decode(key), ahead);

    /// <summary>What the app shows some steps of 30 seconds ahead: clocks may differ by one.</summary>
    public string Next(int ahead = 1) => Code(_secret, ahead);

    private static byte[] Decode(string key)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(
            key.Select(character =>
                Convert.ToString(alphabet.IndexOf(character, StringComparison.Ordinal), 2).PadLeft(5, '0')
            )
        );
        return
        [
            .. Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2)),
        ];
    }

    private static string Code(byte[] secret, int ahead)
    {
        var step = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) + ahead);
#pragma warning disable CA5350      // the algorithm that authenticator apps use
        var hash = HMACSHA1.HashData(secret, step);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & 0x7fffffff;
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }
}
