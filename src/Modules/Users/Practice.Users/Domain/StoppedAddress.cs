using System.Security.Cryptography;
using System.Text;

namespace Practice.Users.Domain;

/// <summary>
/// An address without an account that wants no reminders, or no emails about appointments at all. Practices send those
/// to addresses that they recorded; people with an account choose in <see cref="MailPreferences"/>. The address itself
/// is not stored.
/// </summary>
public sealed class StoppedAddress
{
    private StoppedAddress() { }

    public Guid Id { get; private init; }
    public DateTimeOffset StoppedAt { get; private init; }

    public static StoppedAddress Of(Guid id, DateTimeOffset now) => new() { Id = id, StoppedAt = now };

    /// <summary>Of an address that wants no reminders: the first half of its hash.</summary>
    public static Guid IdOf(string normalizedEmail) => Hash($"stopped {normalizedEmail}");

    /// <summary>Of an address that wants no emails about appointments at all.</summary>
    public static Guid IdOfAll(string normalizedEmail) => Hash($"stopped all {normalizedEmail}");

    private static Guid Hash(string words) => new(SHA256.HashData(Encoding.UTF8.GetBytes(words)).AsSpan(0, 16));
}
