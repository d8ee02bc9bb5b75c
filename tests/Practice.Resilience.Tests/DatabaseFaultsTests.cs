using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Resilience.Tests;

/// <summary>Which faults a call is answered 503 for, and a message is tried again after.</summary>
public sealed class DatabaseFaultsTests
{
    /// <summary>Seen with a full disk: "could not write init file", for each new connection.</summary>
    [Theory]
    [InlineData("FATAL", "XX000", true)]
    [InlineData("FATAL", "58030", true)]
    [InlineData("ERROR", "XX000", false)]
    [InlineData("FATAL", "28P01", false)]
    [InlineData("ERROR", "53100", true)]
    public void A_server_that_ends_a_connection_for_its_own_fault_is_away(string severity, string code, bool isAway)
    {
        var fault = new PostgresException("could not write init file", severity, severity, code);

        Assert.Equal(isAway, DatabaseFaults.IsTransient(fault));
        Assert.Equal(!isAway, DatabaseFaults.IsOfTheStatement(fault));
    }

    /// <summary>A standby, or set to read-only; or a message that writes where it may only read.</summary>
    [Fact]
    public void A_server_that_takes_no_writes_is_away_unless_it_is_one_message_alone()
    {
        var fault = new PostgresException(
            "cannot execute INSERT in a read-only transaction",
            "ERROR",
            "ERROR",
            "25006"
        );

        Assert.True(DatabaseFaults.IsTransient(fault));
        Assert.True(DatabaseFaults.IsOfTheStatement(fault)); // what counts only while the database takes other writes
    }

    /// <summary>A lock that another holds for long, and a limit of the server that is shorter than ours.</summary>
    [Theory]
    [InlineData("set statement_timeout = 50", "select pg_sleep(30)", PostgresErrorCodes.QueryCanceled)]
    [InlineData("set idle_in_transaction_session_timeout = 50; begin", "select 1", "25P03")]
    public async Task A_statement_that_the_server_ends_for_a_limit_of_its_own_passes(
        string limit,
        string statement,
        string code
    )
    {
        var database = await TestServer.NewEmptyDatabaseAsync();
        var server = new Sql(database);
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await RunAsync(limit);
        if (code != PostgresErrorCodes.QueryCanceled)
            await Eventually.Is(async () =>
                await server.Scalar<long>($"select count(*) from pg_stat_activity where pid = {connection.ProcessID}")
                == 0
            );

        var ended = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(statement));
        Assert.Equal(code, ended.SqlState);
        Assert.True(DatabaseFaults.IsTransient(ended));
        Assert.False(DatabaseFaults.IsTimeout(ended));
        Assert.False(DatabaseFaults.IsTransient(new OperationCanceledException("by a caller who hung up", ended)));

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>If Npgsql has mended that, this fails, and so may the rule go.</summary>
    [Fact]
    public async Task What_npgsql_says_of_a_statement_whose_preparation_failed_passes()
    {
        var settings = new NpgsqlConnectionStringBuilder(await TestServer.NewEmptyDatabaseAsync())
        {
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = 1,
            NoResetOnClose = true,
        };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        Assert.Equal(1, await DivideAsync(1));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => DivideAsync(0)); // as it is prepared
        Assert.False(DatabaseFaults.IsTransient(refused));

        var forgotten = await Assert.ThrowsAsync<Exception>(() => DivideAsync(1));
        Assert.True(DatabaseFaults.IsTransient(forgotten), $"{forgotten}");
        Assert.True(DatabaseFaults.MayHaveRun(forgotten));
        Assert.False(DatabaseFaults.IsOfTheStatement(forgotten));
        Assert.Equal(1, await DivideAsync(1));

        async Task<object?> DivideAsync(int by)
        {
            await using var command = source.CreateCommand("select 1 / $1");
            command.Parameters.Add(new() { Value = by });
            return await command.ExecuteScalarAsync();
        }
    }
}
