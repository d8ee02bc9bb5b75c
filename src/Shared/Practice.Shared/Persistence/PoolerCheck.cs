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

    /// <summary>A pooler may have more than one server connection free, and take them in turn.</summary>
    private const int Tries = 3;

    /// <summary>Whether others get the lock of one session, because they share its server connection.</summary>
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
        var key = Random.Shared.NextInt64();
        await using var first = await unpooled.OpenConnectionAsync(ct);
        await first.ExecuteAsync($"select pg_advisory_lock({key})", ct);
        for (var number = 0; number < Tries; number++)
        {
            await using var other = await unpooled.OpenConnectionAsync(ct);
            if (await other.ScalarAsync($"select pg_try_advisory_lock({key})", ct) is true)
            {
                await other.ExecuteAsync("select pg_advisory_unlock_all()", ct);
                return true;
            }
        }

        return await first.ScalarAsync($"select pg_advisory_unlock({key})", ct) is not true;
    }
}
