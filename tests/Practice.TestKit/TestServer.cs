using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Practice.EmbeddedPostgres;
using Practice.Host;
using Practice.Shared.Persistence;

namespace Practice.TestKit;

/// <summary>
/// The PostgreSQL server of this test process: a throw-away cluster, started with the first test that needs it. A
/// superuser's connection string in <c>PRACTICE_TEST_DATABASE</c> takes its place.
/// </summary>
public static class TestServer
{
    private static readonly Lazy<Task<string>> Started = new(StartAsync);
    private static readonly Lazy<Task<string>> Template = new(SetUpAsync);
    private static int _databases;

    /// <summary>A new database as a host's setup leaves it, nobody in it; its owner's connection string.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var template = await Template.Value;
        var copy = await CreateAsync($"template {template}");
        await new Sql(copy).Execute( // what rights there are on the database itself is all that a copy lacks
            """
            update pg_database set datacl = (select datacl from pg_database where datname = $1)
            where datname = current_database()
            """,
            template
        );
        return copy;
    }

    /// <summary>A new database with nothing in it; its owner's connection string.</summary>
    public static Task<string> NewEmptyDatabaseAsync() => CreateAsync("");

    /// <summary>
    /// One setup, of which every database is a copy: the migrations of all modules take as long as many a test.
    /// </summary>
    private static async Task<string> SetUpAsync()
    {
        var template = await NewEmptyDatabaseAsync();
        // It pools no connection, and a copy needs that nobody is connected.
        await PracticeHost.SetUpDatabaseAsync(new PracticeDatabase(template), CancellationToken.None);
        return new NpgsqlConnectionStringBuilder(template).Database!;
    }

    private static async Task<string> CreateAsync(string from)
    {
        var server = new NpgsqlConnectionStringBuilder(await Started.Value); // pooled, as an operator's would be
        var name = $"practice_test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        var maintenance = new Sql(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres" }.ConnectionString
        );
        await maintenance.Execute($"drop database if exists {name} with (force)");
        await maintenance.Execute($"create database {name} {from}");
        server.Database = name;
        // A host of its own is short-lived: few connections, on which statements are prepared soon, cost a third less
        // of the server's time, and hold up no test.
        server.MaxPoolSize = 5;
        server.AutoPrepareMinUsages = 2;
        return server.ConnectionString;
    }

    /// <summary>A server apart, for tests that stop it.</summary>
    public static Task<EmbeddedPostgresServer> StartOneAsync(string dataDirectory) =>
        EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = dataDirectory,
                Durable = false,
                MaxConnections = 300,
            },
            NullLogger.Instance
        );

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("PRACTICE_TEST_DATABASE") is { Length: > 0 } given)
            return given;
        return (await StartOneAsync(TestFolder.New("server"))).ConnectionString; // it ends with this process
    }
}
