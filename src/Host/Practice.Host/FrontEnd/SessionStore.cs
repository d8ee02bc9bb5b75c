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
    : ISessionStore
{
    private readonly NpgsqlDataSource _source = database.For(PracticeDatabase.WebSchema);

    public async Task<byte[]?> ReadAsync(string key, CancellationToken ct)
    {
        var hash = Hash(key);
        await using var read = _source.CreateCommand(
            "select sealed from web.sessions where key_hash = $1 and expires_at > $2"
        );
        read.Parameters.AddWithValue(hash);
        read.Parameters.AddWithValue(clock.GetUtcNow());
        return await read.ExecuteScalarAsync(ct) is byte[] encrypted ? encryption.Decrypt(hash, encrypted) : null;
    }

    public async Task WriteAsync(string key, byte[] content, DateTimeOffset expiresAt, CancellationToken ct)
    {
        var hash = Hash(key);
        await using var batch = _source.CreateBatch();
        batch.BatchCommands.Add(
            new("delete from web.sessions where expires_at <= $1")
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

    public async Task RemoveAsync(string key, CancellationToken ct)
    {
        await using var remove = _source.CreateCommand("delete from web.sessions where key_hash = $1");
        remove.Parameters.AddWithValue(Hash(key));
        await remove.ExecuteNonQueryAsync(ct);
    }

    public async Task<IAsyncDisposable> LockAsync(string key, CancellationToken ct)
    {
        var connection = await _source.OpenConnectionAsync(ct);
        try
        {
            // The lock belongs to the transaction, so it cannot stay on a connection that returns to the pool.
            var transaction = await connection.BeginTransactionAsync(ct);
            await using var command = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction);
            command.Parameters.AddWithValue(BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
            await command.ExecuteNonQueryAsync(ct);
            return new SessionLock(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private sealed class SessionLock(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
