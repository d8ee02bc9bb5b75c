using Npgsql;

namespace Practice.TestKit;

/// <summary>
/// The PostgreSQL server of this test process, started with the first test that needs it. <c>PRACTICE_TEST_DATABASE</c>,
/// a superuser's connection string, takes the place of a server of our own.
/// </summary>
public static class TestServer
{
    private static readonly Lazy<Task<string>> Started = new(StartAsync);
    private static int _databases;

    /// <summary>A new, empty database; its owner's connection string.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(await Started.Value) { Pooling = false };
        var name = $"practice_test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        var maintenance = new Sql(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres" }.ConnectionString);
        await maintenance.Execute($"drop database if exists {name} with (force)");
        await maintenance.Execute($"create database {name}");
        server.Database = name;
        return server.ConnectionString;
    }

    private static Task<string> StartAsync() =>
        Task.FromResult(Environment.GetEnvironmentVariable("PRACTICE_TEST_DATABASE")
            ?? throw new InvalidOperationException("Set PRACTICE_TEST_DATABASE."));
}
