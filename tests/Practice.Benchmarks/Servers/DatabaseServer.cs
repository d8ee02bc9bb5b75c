using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Practice.EmbeddedPostgres;

namespace Practice.Benchmarks.Servers;

/// <summary>The PostgreSQL server that all measurements use, with settings as an operator chooses them.</summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    private static readonly (string Name, string Value)[] Settings =
    [
        ("shared_buffers", "1GB"),
        ("effective_cache_size", "4GB"),
        ("work_mem", "16MB"),
        ("maintenance_work_mem", "512MB"),
        ("random_page_cost", "1.1"),
        ("max_wal_size", "4GB"),
        ("checkpoint_timeout", "15min"),
        ("shared_preload_libraries", "pg_stat_statements"),
    ];

    private readonly EmbeddedPostgresServer _server;
    private readonly int _processId;

    private DatabaseServer(EmbeddedPostgresServer server, int processId) => (_server, _processId) = (server, processId);

    public static string SettingsText =>
        string.Join(", ", Settings.Select(setting => $"{setting.Name}={setting.Value}"));

    /// <summary>The time that all its processes have used.</summary>
    public TimeSpan Cpu => ProcessFiles.CpuOfFamily(_processId);

    public static async Task<DatabaseServer> StartAsync(string folder)
    {
        await using (var first = await StartServerAsync(folder))
            foreach (var (name, value) in Settings)
                await Sql.ExecuteAsync(first.ConnectionString, $"alter system set {name} = '{value}'");
        var server = await StartServerAsync(folder); // most settings count from a start
        await TrackStatementsAsync(server.ConnectionString, "none");
        var session = await Sql.ScalarAsync<int>(server.ConnectionString, "select pg_backend_pid()");
        return new DatabaseServer(server, ProcessFiles.ParentOf(session));
    }

    /// <summary>Connects to one of its databases, as the owner of all.</summary>
    public string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = database }.ConnectionString;

    public Task<bool> HasAsync(string database) =>
        Sql.ScalarAsync<bool>(
            _server.ConnectionString,
            $"select exists (select from pg_database where datname = '{database}')"
        );

    /// <summary>Of a database that nobody is connected to.</summary>
    public async Task CopyAsync(string from, string to)
    {
        await DropAsync(to);
        NpgsqlConnection.ClearAllPools();
        await Sql.ExecuteAsync(_server.ConnectionString, $"create database {to} template {from} strategy file_copy");
    }

    /// <summary>Statements are counted only while somebody wants to know: it costs time.</summary>
    public static async Task TrackStatementsAsync(string connectionString, string which)
    {
        await Sql.ExecuteAsync(connectionString, $"alter system set pg_stat_statements.track = '{which}'");
        await Sql.ExecuteAsync(connectionString, "select pg_reload_conf()");
    }

    public Task CreateAsync(string database) =>
        Sql.ExecuteAsync(_server.ConnectionString, $"create database {database}");

    public Task DropAsync(string database) =>
        Sql.ExecuteAsync(_server.ConnectionString, $"drop database if exists {database} with (force)");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static Task<EmbeddedPostgresServer> StartServerAsync(string folder) =>
        EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { DataDirectory = folder, MaxConnections = 300 },
            NullLogger.Instance
        );
}
