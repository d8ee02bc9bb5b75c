using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>
/// Only one changes the database's structure at a time. The lock belongs to an open transaction, so that it ends with
/// its connection, also behind a connection pooler: a lock of a session would stay in the pool, and hang the next.
/// </summary>
internal sealed class SetupLock : IAsyncDisposable
{
    private const long Key = 0x5072616374696365; // "Practice"

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlConnection _connection;

    private SetupLock(NpgsqlConnection connection) => _connection = connection;

    /// <param name="say">Tells an operator for whom it waits.</param>
    public static async Task<SetupLock> TakeAsync(NpgsqlDataSource owner, Action<string>? say, CancellationToken ct)
    {
        for (var told = false; ; told = true)
        {
            if (await TryTakeAsync(owner, ct) is { } taken)
                return taken;
            if (!told && say is not null)
                say($"Waiting for another setup of this database: {await HolderAsync(owner, ct)}.");
            await Task.Delay(Pause, ct);
        }
    }

    /// <returns>Null if another has it.</returns>
    public static async Task<SetupLock?> TryTakeAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        var connection = await owner.OpenConnectionAsync(ct);
        SetupLock? taken = null;
        try
        {
            await connection.BeginTransactionAsync(ct); // it ends with the connection
            if (await connection.ScalarAsync($"select pg_try_advisory_xact_lock({Key})", ct) is not true)
                return null;
            // Also ends the last query: until another command comes, its snapshot stays, and an index that is built
            // concurrently waits for it.
            await connection.ExecuteAsync("set local idle_in_transaction_session_timeout = 0", ct);
            return taken = new SetupLock(connection);
        }
        finally
        {
            if (taken is null)
                await connection.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<object?> HolderAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        return await connection.ScalarAsync(Holder, ct);
    }

    /// <summary>The server process that holds the lock, as it can be found in <c>pg_stat_activity</c>.</summary>
    private static readonly string Holder = $"""
        select coalesce(string_agg(format('server process %s%s, there since %s', l.pid,
            coalesce(', from ' || a.client_addr, ''), to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ')), '; '),
            'it has just ended')
        from pg_locks l left join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.objsubid = 1
            and l.database = (select oid from pg_database where datname = current_database())
            and (l.classid::bigint << 32 | l.objid::bigint) = {Key}
        """;
}
