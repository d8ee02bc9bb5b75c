using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Practice.Shared.Persistence;

/// <summary>
/// The random keys that stored data is encrypted with. They lie in the database, encrypted themselves with a key
/// derived from the owner's password: after a change of the password only these rows are encrypted again.
/// </summary>
internal static class EncryptionKeyStore
{
    private const string Table = $"{PracticeDatabase.MessagingSchema}.encryption_keys";
    private const string Purpose = "encryption-keys";
    private const int KeySize = 32;

    /// <param name="Value">Null where it was encrypted under another owner's password.</param>
    internal sealed record Row(string Id, byte[]? Value, DateTimeOffset UsedFrom);

    /// <summary>
    /// Makes sure that there is a key which this owner's password decrypts. Keys of the former password, if it is
    /// given, are encrypted again; without it they stay until it is given.
    /// </summary>
    /// <param name="hosts">
    /// The roles that hosts connect as. If one is connected, the first key is not used yet: a
    /// host of the release before could not decrypt.
    /// </param>
    public static async Task PrepareAsync(
        NpgsqlConnection connection,
        PracticeDatabase database,
        string[] hosts,
        CancellationToken ct
    )
    {
        var rows = await ReadAsync(connection, database.SecretFor(Purpose), ct);
        if (database.FormerSecretFor(Purpose) is { } former)
        {
            foreach (var row in await ReadAsync(connection, former, ct))
            {
                if (row.Value is not null)
                    await SaveAsync(connection, $"update {Table} set encrypted = $2 where id = $1", row.Id, row.Value);
            }

            rows = await ReadAsync(connection, database.SecretFor(Purpose), ct);
        }

        if (rows.Any(row => row.Value is not null))
            return;
        await SaveAsync(
            connection,
            $"""
            insert into {Table} (id, encrypted, used_from)
            select $1, $2, case when not exists (select from {Table}) and exists (
                select from pg_stat_activity
                where datname = current_database() and usename = any ($3)
                    -- not a login that this setup has just tried; others' are unknown to an owner who is no superuser
                    and coalesce(backend_start
                        < (select backend_start from pg_stat_activity where pid = pg_backend_pid()), true))
                then now() + interval '{HoursOfRollout} hour' else '-infinity' end
            """,
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            RandomNumberGenerator.GetBytes(KeySize),
            new NpgsqlParameter { Value = hosts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Name }
        );

        async Task SaveAsync(NpgsqlConnection to, string sql, string id, byte[] key, params NpgsqlParameter[] more)
        {
            await using var save = new NpgsqlCommand(sql, to);
            save.Parameters.AddWithValue(id);
            save.Parameters.AddWithValue(new DataEncryption(database.SecretFor(Purpose)).Encrypt(id, key));
            save.Parameters.AddRange(more);
            await save.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>All keys, the oldest first.</summary>
    public static async Task<IReadOnlyList<Row>> ReadAsync(PracticeDatabase database, CancellationToken ct)
    {
        await using var connection = await database.For(PracticeDatabase.MessagingSchema).OpenConnectionAsync(ct);
        return await ReadAsync(connection, database.SecretFor(Purpose), ct);
    }

    private static async Task<IReadOnlyList<Row>> ReadAsync(
        NpgsqlConnection connection,
        byte[] secret,
        CancellationToken ct
    )
    {
        var encryption = new DataEncryption(secret);
        await using var read = new NpgsqlCommand(
            $"select id, encrypted, used_from from {Table} order by created_at, id",
            connection
        );
        await using var reader = await read.ExecuteReaderAsync(ct);
        List<Row> rows = [];
        while (await reader.ReadAsync(ct))
        {
            var id = reader.GetString(0);
            rows.Add(
                new Row(
                    id,
                    encryption.Decrypt(id, await reader.GetFieldValueAsync<byte[]>(1, ct)),
                    await reader.GetFieldValueAsync<DateTimeOffset>(2, ct)
                )
            );
        }

        return rows;
    }

    /// <summary>How long hosts of the release before may run beside this one.</summary>
    private const int HoursOfRollout = 1;
}
