using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Npgsql;
using NpgsqlTypes;
using Practice.Shared.Persistence;

namespace Practice.Shared.Audit;

/// <summary>
/// Chains the audit's entries by keyed hash, so that tampering shows (docs/adr/0010): each hash covers its entry and
/// the hash before it. The key is not in the database, so write access to the database alone cannot repair a broken
/// chain.
/// </summary>
public sealed class AuditHashChain(PracticeDatabase database, IConfiguration configuration)
{
    /// <summary>
    /// The setting with the key: at least 32 bytes as base64. Without it, one derived from the database owner's
    /// password.
    /// </summary>
    public const string KeySetting = "Audit:SealKey";

    /// <summary>For <c>verify-audit</c>: a head that the log or an earlier check has shown.</summary>
    public const string HeadSetting = "Audit:Head";

    private const string Purpose = "audit-seal";

    private const int BatchSize = 1000;

    /// <summary>How many entries are removed at once.</summary>
    private const int RemovalSize = 10_000;

    /// <summary>One writer at a time, over all hosts.</summary>
    internal const long LockKey = 0x5365616c6572; // "Sealer" in ASCII; older hosts take the same lock

    private const string EntryColumns =
        "e.id, e.at, e.group_id, e.actor_id, e.authority, e.act, e.subject_id, e.details::text";

    /// <summary>
    /// In the order of the index, which passes over entries that are gone: the table holds them until it is vacuumed.
    /// Each is looked up by its key. With a plain join PostgreSQL goes through all entries for as long as it believes
    /// that many wait: for one entry after 200,000 it took 1.3 seconds.
    /// </summary>
    internal static readonly string WaitingSql = $"""
        select {EntryColumns}
        from audit.unsealed u cross join lateral (select * from audit.entries where id = u.entry_id offset 0) e
        order by u.entry_id limit {BatchSize}
        """;

    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.AuditSchema);
    private readonly byte[] _key = configuration[KeySetting] is { Length: > 0 } text
        ? Convert.FromBase64String(text)
        : database.SecretFor(Purpose);

    /// <summary>Under the owner's former password; null where none is given.</summary>
    private readonly byte[]? _formerKey = database.FormerSecretFor(Purpose);

    private string KeyId => IdOf(_key);

    /// <summary>Names the key without revealing it, so that a chain can continue with a new key.</summary>
    private static string IdOf(byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, "key-id"u8))[..16];

    /// <summary>Whether the text is a usable key.</summary>
    public static bool IsKey(string text) =>
        Convert.TryFromBase64String(text, new byte[text.Length], out var bytes) && bytes >= 32;

    /// <summary>Adds the entries committed since the last call.</summary>
    /// <returns>How many; 0 while another host is writing.</returns>
    public async Task<int> ExtendAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!(bool)(await connection.ScalarAsync($"select pg_try_advisory_xact_lock({LockKey})", ct))!)
            return 0;

        var (position, hash) = await LastHashAsync(connection, ct);
        List<(Guid Id, byte[] Content)> entries = [];
        await using (var read = new NpgsqlCommand(WaitingSql, connection))
        await using (var reader = await read.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                entries.Add((reader.GetGuid(0), Content(reader, 0)));
        }

        if (entries.Count == 0)
            return 0;

        var hashes = new byte[entries.Count][];
        for (var index = 0; index < entries.Count; index++)
            hashes[index] = hash = Next(_key, hash, entries[index].Content);

        await using var write = new NpgsqlCommand(
            """
            insert into audit.seals (position, entry_id, hash, key_id)
            select @last + row.number, row.id, row.hash, @key_id
            from unnest(@ids, @hashes) with ordinality as row (id, hash, number);
            delete from audit.unsealed where entry_id = any (@ids);
            """,
            connection
        );
        write.Parameters.Add(new("last", NpgsqlDbType.Bigint) { Value = position });
        write.Parameters.Add(
            new("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = entries.ConvertAll(entry => entry.Id) }
        );
        write.Parameters.Add(new("hashes", NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = hashes });
        write.Parameters.Add(new("key_id", NpgsqlDbType.Text) { Value = KeyId });
        await write.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return entries.Count;
    }

    /// <summary>The newest hash; null as long as there is none.</summary>
    public async Task<AuditHead?> HeadAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        return await LastHashAsync(connection, ct) is (> 0, _) last ? AuditHead.Of(last.Position, last.Hash) : null;
    }

    /// <summary>Checks the whole chain, and looks for entries without a hash.</summary>
    /// <param name="kept">
    /// A head that was kept outside the database: without one, nothing shows that the newest entries were cut off
    /// together with their hashes.
    /// </param>
    public async Task<AuditChainResult> VerifyAsync(AuditHead? kept, CancellationToken ct)
    {
        AuditHead? head = null;
        List<string> faults = [];
        long otherKey = 0;
        await using var connection = await _source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            ct
        );
        var (removed, hash) = await ReadRemovalAsync(connection, faults, ct);
        var hashes = removed;
        var keptIsMissing = kept is not null && kept.Position > removed;
        await using (
            var read = new NpgsqlCommand(
                $"""
                select s.position, s.entry_id, s.hash, s.key_id, {EntryColumns}
                from audit.seals s left join audit.entries e on e.id = s.entry_id order by s.position
                """,
                connection
            )
        )
        {
            read.CommandTimeout = 0;
            await using var reader = await read.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var (position, entry, stored) = (
                    reader.GetInt64(0),
                    reader.GetGuid(1),
                    await reader.GetFieldValueAsync<byte[]>(2, ct)
                );
                if (position != ++hashes)
                    faults.Add($"Hash {hashes} is missing.");
                hashes = position;
                if (reader.IsDBNull(4))
                    faults.Add($"Entry {entry} (number {position}) is missing.");
                else if (KeyWith(reader.GetString(3)) is not { } key)
                    otherKey++;
                else if (!Next(key, hash, Content(reader, 4)).AsSpan().SequenceEqual(stored))
                    faults.Add($"Entry {entry} (number {position}), or a hash before it, was changed.");
                hash = stored;
                head = AuditHead.Of(position, stored);
                keptIsMissing &= head != kept;
            }
        }

        await using (
            var read = new NpgsqlCommand(
                """
                select 'Entry ' || e.id || ' has no hash and is not waiting for one.' from audit.entries e
                where not exists (select from audit.seals s where s.entry_id = e.id)
                    and not exists (select from audit.unsealed u where u.entry_id = e.id)
                union all
                select 'Entry ' || u.entry_id || ', which was waiting for its hash, is missing.' from audit.unsealed u
                where not exists (select from audit.entries e where e.id = u.entry_id)
                """,
                connection
            )
        )
        {
            read.CommandTimeout = 0;
            await using var reader = await read.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                faults.Add(reader.GetString(0));
        }

        if (keptIsMissing)
            faults.Add($"The head {kept} is not in the chain: the newest entries were cut off or replaced.");
        return new AuditChainResult(hashes - removed, otherKey, removed, head, faults);
    }

    /// <summary>
    /// Removes the oldest entries, all made before this time, with their hashes. The chain goes on from the last one,
    /// which is kept with a keyed hash of its own: someone who has only the database cannot remove entries like this.
    /// </summary>
    /// <param name="owner">Whom row-level security does not hold: no other login deletes entries.</param>
    /// <returns>How many. Each portion is removed as a whole, so that a repeated call goes on.</returns>
    public async Task<long> RemoveBeforeAsync(NpgsqlConnection owner, DateTimeOffset before, CancellationToken ct)
    {
        var removed = 0L;
        while (true)
        {
            await using var transaction = await owner.BeginTransactionAsync(ct);
            await using var find = new NpgsqlCommand(
                """
                -- Up to the first entry that stays; the newest hash stays always, since the next one builds on it.
                with oldest as (select position, entry_id, hash from audit.seals order by position limit $2),
                    stays as (
                        select min(o.position) as position from oldest o join audit.entries e on e.id = o.entry_id
                        where e.at >= $1)
                select o.position, o.hash from oldest o, stays
                where (stays.position is null or o.position < stays.position)
                    and o.position < (select max(position) from audit.seals)
                order by o.position desc limit 1
                """,
                owner
            )
            {
                Parameters =
                {
                    new() { Value = before.UtcDateTime },
                    new() { Value = RemovalSize },
                },
                CommandTimeout = 0,
            };
            long position;
            byte[] hash;
            await using (var reader = await find.ExecuteReaderAsync(ct))
            {
                if (!await reader.ReadAsync(ct))
                    return removed;
                (position, hash) = (reader.GetInt64(0), await reader.GetFieldValueAsync<byte[]>(1, ct));
            }

            await using var remove = new NpgsqlCommand(
                """
                with gone as (delete from audit.seals where position <= @position returning entry_id)
                delete from audit.entries where id in (select entry_id from gone)
                """,
                owner
            )
            {
                Parameters = { new("position", position) },
                CommandTimeout = 0,
            };
            removed += await remove.ExecuteNonQueryAsync(ct);
            await using var keep = new NpgsqlCommand(
                """
                delete from audit.removals;
                insert into audit.removals (position, hash, key_id, proof, before)
                values (@position, @hash, @key_id, @proof, @before)
                """,
                owner
            )
            {
                Parameters =
                {
                    new("position", position),
                    new("hash", hash),
                    new("key_id", KeyId),
                    new("proof", Proof(_key, position, hash)),
                    new("before", before.UtcDateTime),
                },
            };
            await keep.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>The last hash of what was removed; that of an empty chain where nothing was.</summary>
    private async Task<(long Position, byte[] Hash)> ReadRemovalAsync(
        NpgsqlConnection connection,
        List<string> faults,
        CancellationToken ct
    )
    {
        await using var read = new NpgsqlCommand(
            "select position, hash, key_id, proof from audit.removals order by position desc limit 1",
            connection
        );
        await using var reader = await read.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return (0, []);
        var (position, hash) = (reader.GetInt64(0), await reader.GetFieldValueAsync<byte[]>(1, ct));
        var proof = await reader.GetFieldValueAsync<byte[]>(3, ct);
        if (KeyWith(reader.GetString(2)) is not { } key)
            faults.Add(
                $"The first {position} entries were removed with another key, without which nobody knows by whom."
            );
        else if (!Proof(key, position, hash).AsSpan().SequenceEqual(proof))
            faults.Add($"The first {position} entries were removed by somebody without the key.");
        return (position, hash);
    }

    private static byte[] Proof(byte[] key, long position, byte[] hash) =>
        HMACSHA256.HashData(
            key,
            (byte[])[.. "removed"u8, .. BitConverter.GetBytes(IPAddress.HostToNetworkOrder(position)), .. hash]
        );

    private static async Task<(long Position, byte[] Hash)> LastHashAsync(
        NpgsqlConnection connection,
        CancellationToken ct
    )
    {
        await using var command = new NpgsqlCommand(
            "select position, hash from audit.seals order by position desc limit 1",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? (reader.GetInt64(0), await reader.GetFieldValueAsync<byte[]>(1, ct))
            : (0, []);
    }

    private byte[]? KeyWith(string id) =>
        id == KeyId ? _key
        : _formerKey is not null && id == IdOf(_formerKey) ? _formerKey
        : null;

    private static byte[] Next(byte[] key, byte[] before, byte[] content) =>
        HMACSHA256.HashData(key, (byte[])[.. before, .. content]);

    /// <summary>All of an entry, in one unambiguous form.</summary>
    private static byte[] Content(NpgsqlDataReader reader, int first) =>
        JsonSerializer.SerializeToUtf8Bytes(
            Enumerable
                .Range(first, 8)
                .Select(column =>
                    reader.IsDBNull(column)
                        ? null
                        : reader.GetValue(column) switch
                        {
                            DateTime at => at.Ticks.ToString(CultureInfo.InvariantCulture),
                            var value => value.ToString(),
                        }
                )
                .ToArray()
        );
}

/// <param name="Entries">How many entries are in the chain.</param>
/// <param name="OtherKey">How many of them were hashed with another key, which only that key can verify.</param>
/// <param name="Removed">How many were removed before, because they were old.</param>
/// <param name="Head">The newest hash; null in an empty chain.</param>
/// <param name="Faults">What was changed or is missing, as sentences; empty if nothing is.</param>
public sealed record AuditChainResult(
    long Entries,
    long OtherKey,
    long Removed,
    AuditHead? Head,
    IReadOnlyList<string> Faults
);

/// <summary>
/// Names the newest hash, to be kept outside the database. It is written as <c>1234:0123456789abcdef</c>.
/// </summary>
/// <param name="Position">How many entries there were.</param>
/// <param name="Hash">The beginning of the hash.</param>
public sealed record AuditHead(long Position, string Hash)
{
    private const int HashLength = 16;

    public static AuditHead Of(long position, byte[] hash) =>
        new(position, Convert.ToHexStringLower(hash)[..HashLength]);

    /// <returns>Null if the text is no head.</returns>
    public static AuditHead? Parse(string text) =>
        text.Split(':') is [var position, { Length: HashLength } hash]
        && hash.All(char.IsAsciiHexDigit)
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new AuditHead(number, hash.ToLowerInvariant())
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Position}:{Hash}");
}
