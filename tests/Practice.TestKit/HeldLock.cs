using Npgsql;

namespace Practice.TestKit;

/// <summary>
/// A transaction that holds a lock until it is released. For a host on a database of its own: there only the calls that
/// the test has stopped wait.
/// </summary>
public sealed class HeldLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private HeldLock(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    public static Task<HeldLock> TakeAsync(TestApp app, string sql, params object[] parameters) =>
        TakeAsync(app.ConnectionString, sql, parameters);

    public static async Task<HeldLock> TakeAsync(string connectionString, string sql, params object[] parameters)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        var held = new HeldLock(connection, await connection.BeginTransactionAsync());
        await held.ExecuteAsync(sql, parameters);
        return held;
    }

    /// <summary>A change that is committed with the release.</summary>
    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Waits until so many calls and messages of a module wait for a lock.</summary>
    public static Task HoldsUpAsync(TestApp app, int count, string module = "portal") =>
        Eventually.Is(
            async () =>
                await app.Owner.Scalar<long>(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock' and usename = $1
                    """,
                    $"practice_{module}"
                ) == count,
            what: $"{count} that wait in {module}"
        );

    public Task ReleaseAsync() => _transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
