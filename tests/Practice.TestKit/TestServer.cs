using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Practice.EmbeddedPostgres;
using Practice.Host;
using Practice.Shared.Persistence;

namespace Practice.TestKit;

/// <summary>
/// The PostgreSQL server of this test process: a throw-away cluster, started with the first test that needs it. A
/// superuser's connection string in <c>PRACTICE_TEST_DATABASE</c> takes its place. <c>PRACTICE_TEST_CLUSTER</c> names a
/// folder for the cluster that the test projects of one run share: the first sets it up, all copy it.
/// </summary>
public static class TestServer
{
    private const string TemplateName = "practice_test_template";

    private static readonly string? GivenServer = Setting("PRACTICE_TEST_DATABASE");
    private static readonly string? SharedCluster = GivenServer is null ? Setting("PRACTICE_TEST_CLUSTER") : null;
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

    /// <summary>As an operator makes one: its owner may create roles, and is no superuser.</summary>
    public static async Task<(Sql Superuser, string Login, string ConnectionString)> NewOwnedDatabaseAsync(
        string password
    )
    {
        var connection = new NpgsqlConnectionStringBuilder(await NewEmptyDatabaseAsync());
        var superuser = new Sql(connection.ConnectionString);
        var login = $"owner_of_{connection.Database}";
        await superuser.Execute($"create role {login} login createrole password '{password}'");
        await superuser.Execute($"alter database {connection.Database} owner to {login}");
        connection.Username = login;
        connection.Password = password;
        return (superuser, login, connection.ConnectionString);
    }

    /// <summary>A server apart, for tests that stop it.</summary>
    /// <param name="durable">Whether it keeps what a replica needs, as an operator's server does.</param>
    public static Task<EmbeddedPostgresServer> StartOneAsync(
        string dataDirectory,
        string database = "practice",
        bool durable = false
    ) =>
        EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions
            {
                DataDirectory = dataDirectory,
                Database = database,
                Durable = durable,
                MaxConnections = 300,
            },
            NullLogger.Instance
        );

    /// <summary>
    /// The database, with roles that all databases of this server share: a copy has the rights of its template's roles.
    /// </summary>
    public static PracticeDatabase DatabaseAt(string connectionString) =>
        new(connectionString, PracticeDatabase.EarlierRolePrefix);

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

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
        // Tests must pass beside other work, too.
        server.Timeout = 15;
        server.CommandTimeout = 30;
        return server.ConnectionString;
    }

    /// <summary>
    /// One setup, of which every database is a copy: the migrations of all modules take as long as many a test.
    /// </summary>
    private static async Task<string> SetUpAsync()
    {
        if (SharedCluster is not null)
            return TemplateName; // it came with the cluster
        var template = await NewEmptyDatabaseAsync();
        await SetUpAsync(template);
        return new NpgsqlConnectionStringBuilder(template).Database!;
    }

    /// <summary>It pools no connection, and a copy needs that nobody is connected.</summary>
    private static Task SetUpAsync(string database) =>
        PracticeHost.SetUpDatabaseAsync(DatabaseAt(database), CancellationToken.None);

    private static async Task<string> StartAsync()
    {
        if (GivenServer is not null)
            return GivenServer;
        var folder = TestFolder.New("server");
        if (SharedCluster is not null)
        {
            if (!Directory.Exists(SharedCluster))
                await LeaveClusterAsync(SharedCluster);
            await CopyAsync(SharedCluster, folder);
        }
        return (await StartOneAsync(folder)).ConnectionString; // it ends with this process
    }

    /// <summary>Where two leave one at the same time, the first one's counts: a folder moves in one step.</summary>
    private static async Task LeaveClusterAsync(string shared)
    {
        var own = TestFolder.New("cluster");
        await using (var server = await StartOneAsync(own, TemplateName))
            await SetUpAsync(server.ConnectionString);
        try
        {
            Directory.Move(own, shared);
        }
        catch (IOException) when (Directory.Exists(shared)) { }
    }

    /// <summary>Keeps the owner of the files: the server may run as another user than the tests.</summary>
    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", from, to]);
        await copy.WaitForExitAsync();
        if (copy.ExitCode != 0)
            throw new IOException($"{from} could not be copied.");
    }
}
