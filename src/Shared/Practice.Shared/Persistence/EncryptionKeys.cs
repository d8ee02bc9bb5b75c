using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wolverine.Runtime.Serialization.Encryption;

namespace Practice.Shared.Persistence;

/// <summary>A key that an operator must bring: the message says how.</summary>
public sealed class EncryptionKeyException(string message) : InvalidOperationException(message);

/// <summary>
/// Encrypts what a copy of the database must not show: authenticator keys and, through Wolverine, stored messages
/// (docs/adr/0019). The keys are read when the host starts.
/// </summary>
public sealed partial class EncryptionKeys(PracticeDatabase database, TimeProvider clock, ILogger<EncryptionKeys> log)
    : IKeyProvider,
        IHostedLifecycleService
{
    /// <summary>How an encrypted text begins. Earlier releases stored texts as they are.</summary>
    public const string Prefix = "encrypted:";

    private const string Remedy =
        "the owner had another password when it was made. Set Database:FormerPassword to that one (after a restore: "
        + "the password of the owner where the backup was made), run `migrate`, and then `dead-letters replay all`.";

    private IReadOnlyList<Key>? _keys;

    private Key? InUse => Loaded.LastOrDefault(key => key.UsedFrom <= clock.GetUtcNow());

    private IReadOnlyList<Key> Loaded => _keys ?? throw new InvalidOperationException("The keys are not loaded yet.");

    /// <summary>For an hour after the upgrade from a release that cannot decrypt.</summary>
    internal bool IsUsedLater => _keys is not null && InUse is null;

    /// <param name="context">Where the text is stored; it cannot be decrypted in another place.</param>
    /// <returns>The text as it is while hosts that could not read it may be running.</returns>
    public string Encrypt(string context, string text) =>
        InUse is { } key
            ? $"{Prefix}{key.Id}:{Convert.ToBase64String(key.Fields.Encrypt(context, Encoding.UTF8.GetBytes(text)))}"
            : text;

    /// <returns>Null where the key is missing, or the text was changed or comes from another place.</returns>
    public async Task<string?> DecryptAsync(string context, string stored, CancellationToken ct)
    {
        if (!stored.StartsWith(Prefix, StringComparison.Ordinal))
            return stored;
        if (stored.Split(':') is not [_, var id, var encrypted] || await FindAsync(id, ct) is not { } key)
            return null;
        return key.Fields.Decrypt(context, Convert.FromBase64String(encrypted)) is { } content
            ? Encoding.UTF8.GetString(content)
            : null;
    }

    /// <summary>
    /// A secret for what leaves the host. It comes from the oldest random key: one derived from the owner's password
    /// would let people guess that at home.
    /// </summary>
    public byte[] SecretFor(string purpose) => Loaded[0].Derive(purpose);

    public async Task LoadAsync(CancellationToken ct)
    {
        var rows = await EncryptionKeyStore.ReadAsync(database, ct);
        var keys = rows.Where(row => row.Value is not null)
            .Select(row => new Key(row.Id, row.Value!, row.UsedFrom))
            .ToList();
        if (keys.Count == 0)
            throw new EncryptionKeyException(
                $"The database has no encryption key that this owner's password opens: {Remedy}"
            );
        if (keys.Count < rows.Count)
            LogUnopened(rows.Count - keys.Count);
        _keys = keys;
    }

    /// <summary>What an operator does about keys that cannot be opened; null where all can be.</summary>
    public static async Task<string?> FindUnopenedAsync(PracticeDatabase database, CancellationToken ct)
    {
        var rows = await EncryptionKeyStore.ReadAsync(database, ct);
        var unopened = rows.Count(row => row.Value is null);
        return unopened == 0 ? null : $"{unopened} of {rows.Count} encryption keys cannot be opened: {Remedy}";
    }

    string IKeyProvider.DefaultKeyId => InUse!.Id;

    async ValueTask<byte[]> IKeyProvider.GetKeyAsync(string keyId, CancellationToken cancellationToken) =>
        await FindAsync(keyId, cancellationToken) is { } key
            ? key.Messages
            : throw new KeyNotFoundException($"The encryption key {keyId} cannot be opened: {Remedy}");

    /// <summary>Another host's setup may have made the key since they were read.</summary>
    private async Task<Key?> FindAsync(string id, CancellationToken ct)
    {
        if (Find() is { } known)
            return known;
        await LoadAsync(ct);
        return Find();

        Key? Find() => Loaded.FirstOrDefault(key => key.Id == id);
    }

    /// <summary>Before any message is handled.</summary>
    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => LoadAsync(cancellationToken);

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "{Count} encryption keys cannot be opened, and what they encrypted waits: " + Remedy
    )]
    private partial void LogUnopened(int count);

    private sealed class Key(string id, byte[] value, DateTimeOffset usedFrom)
    {
        public string Id => id;

        public DateTimeOffset UsedFrom => usedFrom;

        public DataEncryption Fields => field ??= new(Derive("fields"));

        public byte[] Messages => field ??= Derive("messages");

        public byte[] Derive(string purpose) =>
            HKDF.DeriveKey(HashAlgorithmName.SHA256, value, 32, info: Encoding.UTF8.GetBytes(purpose));
    }
}
