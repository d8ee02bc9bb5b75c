using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>
/// A pooler that gives each transaction another server connection mixes up prepared statements, and so answers one
/// caller with another's rows; and the locks of Wolverine's sessions stay behind. There the product does not start.
/// </summary>
public static class PoolerCheck
{
    /// <summary>What is wrong there, and what to do.</summary>
    public const string Problem =
        "leads to a connection pooler in transaction or statement mode: set its mode for this database to session.";

    /// <summary>A pooler that serves others meanwhile may give a connection back by chance.</summary>
    private const int Rounds = 10;

    /// <summary>
    /// Whether a connection changes its server process while another one is in a transaction, or two have the same.
    /// </summary>
    public static async Task<bool> SharesSessionsAsync(string connectionString, CancellationToken ct)
    {
        await using var unpooled = new NpgsqlDataSourceBuilder(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                MaxAutoPrepare = 0,
                NoResetOnClose = true,
            }.ConnectionString
        )
        {
            Name = "pooler-check", // in metrics
        }.Build();
        await using var idle = await unpooled.OpenConnectionAsync(ct);
        await using var busy = await unpooled.OpenConnectionAsync(ct);
        var process = await ProcessAsync(idle);
        for (var round = 0; round < Rounds; round++)
        {
            try
            {
                await busy.ExecuteAsync("begin", ct);
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ProtocolViolation)
            {
                return true; // statement mode has no transactions
            }

            // The one that was given the process of the idle one keeps it until the end of the transaction.
            var isShared = await ProcessAsync(busy) == process || await ProcessAsync(idle) != process;
            await busy.ExecuteAsync("rollback", ct);
            if (isShared)
                return true;
        }

        return false;

        async Task<int> ProcessAsync(NpgsqlConnection connection) =>
            (int)(await connection.ScalarAsync("select pg_backend_pid()", ct))!;
    }
}
