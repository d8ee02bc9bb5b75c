using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Practice.EmbeddedPostgres;

namespace Practice.TestKit;

/// <summary>
/// The PostgreSQL server of this test process: a throw-away cluster, started with the first test that needs it. A
/// superuser's connection string in <c>PRACTICE_TEST_DATABASE</c> takes its place.
/// </summary>
public static class TestServer
{
    private static readonly Lazy<Task<string>> Started = new(StartAsync);
    private static int _databases;

    /// <summary>A new, empty database; its owner's connection string.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(await Started.Value);      // pooled, as an operator's would be
        var name = $"practice_test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        var maintenance = new Sql(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres" }.ConnectionString);
        await maintenance.Execute($"drop database if exists {name} with (force)");
        await maintenance.Execute($"create database {name}");
        server.Database = name;
        return server.ConnectionString;
    }

    /// <summary>A server apart, for tests that stop it.</summary>
    public static Task<EmbeddedPostgresServer> StartOneAsync(string dataDirectory) => EmbeddedPostgresServer.StartAsync(
        new EmbeddedPostgresOptions { DataDirectory = dataDirectory, Durable = false, MaxConnections = 300 }, NullLogger.Instance);

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("PRACTICE_TEST_DATABASE") is { Length: > 0 } given)
            return given;
        return (await StartOneAsync(TestFolder.New("server"))).ConnectionString;      // it ends with this process
    }
}
