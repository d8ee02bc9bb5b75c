using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Practice.Shared.Persistence;
using Practice.Web.Sessions;

namespace Practice.Host.FrontEnd;

/// <summary>
/// Browser sessions in the database, for all hosts: found by the hash of their key, encrypted, and deleted once they
/// expire.
/// </summary>
internal sealed class SessionStore(PracticeDatabase database, SessionEncryption encryption, TimeProvider clock)
    : ISessionStore,
        IDisposable
{
    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.WebSchema);

    /// <summary>Half of the pool: requests that wait for a lock leave connections to those that only read.</summary>
    private readonly SemaphoreSlim _locks = new(
        Math.Max(
            1,
            new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(PracticeDatabase.WebSchema)).MaxPoolSize / 2
        )
    );

    public async Task<byte[]?> ReadAsync(string key, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        return await ReadAsync(connection, Hash(key), ct);
    }

    public async Task WriteAsync(string key, byte[] content, DateTimeOffset expiresAt, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        await WriteAsync(connection, Hash(key), content, expiresAt, ct);
    }

    public async Task<ILockedSession> LockAsync(string key, CancellationToken ct)
    {
        await _locks.WaitAsync(ct);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await _source.OpenConnectionAsync(ct);
            // The lock belongs to the transaction, so it cannot stay on a connection that returns to the pool.
            var transaction = await connection.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction);
            command.Parameters.AddWithValue(BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
            await command.ExecuteNonQueryAsync(ct);
            return new LockedSession(this, connection, transaction, Hash(key));
        }
        catch
        {
            if (connection is not null)
                await connection.DisposeAsync();
            _locks.Release();
            throw;
        }
    }

    public void Dispose() => _locks.Dispose();

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private async Task<byte[]?> ReadAsync(NpgsqlConnection connection, string hash, CancellationToken ct)
    {
        await using var read = new NpgsqlCommand(
            "select sealed from web.sessions where key_hash = $1 and expires_at > $2",
            connection
        );
        read.Parameters.AddWithValue(hash);
        read.Parameters.AddWithValue(clock.GetUtcNow());
        return await read.ExecuteScalarAsync(ct) is byte[] encrypted ? encryption.Decrypt(hash, encrypted) : null;
    }

    private async Task WriteAsync(
        NpgsqlConnection connection,
        string hash,
        byte[] content,
        DateTimeOffset expiresAt,
        CancellationToken ct
    )
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(
            new("delete from web.sessions where expires_at <= $1")
            {
                Parameters = { new() { Value = clock.GetUtcNow() } },
            }
        );
        batch.BatchCommands.Add(
            new("delete from web.drafts where expires_at <= $1")
            {
                Parameters = { new() { Value = clock.GetUtcNow() } },
            }
        );
        batch.BatchCommands.Add(
            new(
                """
                insert into web.sessions (key_hash, sealed, expires_at) values ($1, $2, $3)
                on conflict (key_hash) do update set sealed = excluded.sealed, expires_at = excluded.expires_at
                """
            )
            {
                Parameters =
                {
                    new() { Value = hash },
                    new() { Value = encryption.Encrypt(hash, content) },
                    new() { Value = expiresAt.ToUniversalTime() },
                },
            }
        );
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>All on the connection that holds the lock: under a lock nobody waits for a second one.</summary>
    private sealed class LockedSession(
        SessionStore store,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string hash
    ) : ILockedSession
    {
        public Task<byte[]?> ReadAsync(CancellationToken ct) => store.ReadAsync(connection, hash, ct);

        public async Task WriteAsync(byte[] content, DateTimeOffset expiresAt, CancellationToken ct)
        {
            await store.WriteAsync(connection, hash, content, expiresAt, ct);
            await transaction.CommitAsync(ct);
        }

        public async Task RemoveAsync(CancellationToken ct)
        {
            await using var remove = new NpgsqlCommand("delete from web.sessions where key_hash = $1", connection);
            remove.Parameters.AddWithValue(hash);
            await remove.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
        }

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
            store._locks.Release();
        }
    }
}
