using Npgsql;

namespace Practice.Resilience.Tests;

/// <summary>What keeps two setups of a database apart, and what a setup must not go through.</summary>
public sealed class SetupTests
{
    /// <summary>The key of the lock, as the server sees it.</summary>
    private const string Lock = "x'5072616374696365'::bit(64)::bigint";

    private const string Holder = $"""
        from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32 | l.objid::bigint) = {Lock}
            and l.database = (select oid from pg_database where datname = current_database())
        """;

    [Fact]
    public async Task Migrate_says_for_whom_it_waits_and_goes_on_when_they_are_done()
    {
        var database = await TestServer.NewDatabaseAsync();
        await new Sql(database).Execute("comment on schema messaging is 'Set up by another build'");
        await using var other = new NpgsqlConnection(database);
        await other.OpenAsync();
        await using var transaction = await HoldAsync(other);
        // Of another database on the same server, it is nobody that it waits for.
        await using var elsewhere = new NpgsqlConnection(await TestServer.NewDatabaseAsync());
        await elsewhere.OpenAsync();
        await using var second = await HoldAsync(elsewhere);

        var waits = new TaskCompletionSource();
        var migrating = HostProcess.RunAsync(Settings(database), Hears, "migrate");
        await Task.WhenAny(waits.Task, migrating);
        Assert.False(migrating.IsCompleted);
        await transaction.RollbackAsync();

        var (exitCode, output, said) = await migrating;
        Assert.True(exitCode == 0, said);
        Assert.Contains(
            $"Waiting for another setup of this database: server process {other.ProcessID}",
            said,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain($"server process {elsewhere.ProcessID}", said, StringComparison.Ordinal);
        Assert.Contains("up to date", output, StringComparison.Ordinal);

        void Hears(string line)
        {
            if (line.StartsWith("Waiting for another setup", StringComparison.Ordinal))
                waits.TrySetResult();
        }
    }

    /// <summary>Else a host could not be started again while a backup runs.</summary>
    [Fact]
    public async Task Migrate_does_not_wait_for_a_backup_where_this_build_has_set_up_the_database()
    {
        var database = await TestServer.NewDatabaseAsync();
        await using var backup = new NpgsqlConnection(database);
        await backup.OpenAsync();
        await using var transaction = await HoldAsync(backup);

        var (exitCode, output, said) = await HostProcess.RunAsync(Settings(database), "migrate");
        Assert.True(exitCode == 0, said);
        Assert.Contains("This build has set it up already.", said, StringComparison.Ordinal);
        Assert.Contains("up to date", output, StringComparison.Ordinal);
    }

    private static async Task<NpgsqlTransaction> HoldAsync(NpgsqlConnection connection)
    {
        var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand($"select pg_advisory_xact_lock({Lock})", connection, transaction);
        await hold.ExecuteNonQueryAsync();
        return transaction;
    }

    /// <summary>Behind a pooler a session outlives its client; a transaction does not.</summary>
    [Fact]
    public async Task The_lock_of_a_setup_ends_with_its_connection()
    {
        var database = await TestServer.NewDatabaseAsync();
        var sql = new Sql(database);
        await using (var reader = new NpgsqlConnection(database))
        {
            await reader.OpenAsync();
            await using var reads = await reader.BeginTransactionAsync();
            await using var holdUp = new NpgsqlCommand(
                "lock table messaging.encryption_keys in access exclusive mode",
                reader,
                reads
            );
            await holdUp.ExecuteNonQueryAsync();
            var state = "";
            await HostProcess.KillWhenAsync(
                async () =>
                    (state = await sql.Scalar<string>($"select a.state {Holder}") ?? "") is not ("" or "active")
                    && await sql.Scalar<bool>(
                        "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
                    ),
                Settings(database),
                "migrate"
            );
            Assert.Equal("idle in transaction", state);
        }

        await Eventually.Is(async () => await sql.Scalar<long>($"select count(*) {Holder}") == 0);
        Assert.Equal(0, (await HostProcess.RunAsync(Settings(database), "migrate")).ExitCode);
    }

    [Theory]
    [InlineData("migrate")]
    [InlineData("run")]
    [InlineData("backup", "practice.backup")]
    public async Task Behind_a_pooler_that_shares_sessions_every_command_is_refused_in_one_line(params string[] command)
    {
        var (pooler, connectionString) = TransactionPooler.Before(await TestServer.NewDatabaseAsync());
        using var _ = pooler;
        var (exitCode, output, errors) = await HostProcess.RunAsync(Settings(connectionString), command);

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.StartsWith(
            "ConnectionStrings:Practice leads to a connection pooler in transaction or statement mode",
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Behind_a_pooler_that_shares_sessions_check_says_so()
    {
        var (pooler, connectionString) = TransactionPooler.Before(await TestServer.NewDatabaseAsync());
        using var _ = pooler;
        var (exitCode, output, _) = await HostProcess.RunAsync(Settings(connectionString), "check");

        Assert.Equal(1, exitCode);
        Assert.Contains(output.Split('\n'), line =>
            line.StartsWith("FAILED  database", StringComparison.Ordinal)
            && line.Contains("connection pooler", StringComparison.Ordinal)
        );
    }

    private static Dictionary<string, string?> Settings(string database) =>
        new()
        {
            ["ConnectionStrings:Practice"] = database,
            ["Data:Directory"] = TestFolder.New("data"),
            ["Mail:PickupDirectory"] = TestFolder.New("mail"),
            ["PublicUrl"] = "https://practice.test",
        };
}
