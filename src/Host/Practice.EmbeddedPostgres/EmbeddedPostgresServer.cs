using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Practice.EmbeddedPostgres;

/// <summary>
/// A private PostgreSQL server that belongs to this process: it starts on a cluster kept in the data directory, stops with the
/// process however that ends, and touches no other cluster.
/// </summary>
public sealed class EmbeddedPostgresServer : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly ServerProcess _process;
    private bool _stopped;

    private EmbeddedPostgresServer(FileStream @lock, ServerProcess process, string connectionString)
    {
        _lock = @lock;
        _process = process;
        ConnectionString = connectionString;
    }

    /// <summary>For the cluster's superuser <c>practice</c>, over TCP on the loopback address.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// Creates the cluster and the database where they are absent, takes them over from a host that was killed, and returns
    /// when the database answers.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">It cannot run; the message is one line that says why.</exception>
    public static async Task<EmbeddedPostgresServer> StartAsync(
        EmbeddedPostgresOptions options,
        ILogger logger,
        CancellationToken cancellationToken = default
    )
    {
        var folder = Path.GetFullPath(options.DataDirectory);
        try
        {
            Directory.CreateDirectory(folder);
            return await Start(folder, options, logger, cancellationToken);
        }
        catch (Exception e) when (IsDiskFull(e))
        {
            throw EmbeddedPostgresException.DiskFull(folder, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedPostgresException(
                $"The embedded database in {folder} belongs to another user: start as that user. ({e.Message})",
                e
            );
        }
        catch (Win32Exception e) // a root that may not become another user, say
        {
            throw new EmbeddedPostgresException($"The embedded PostgreSQL cannot be run: {e.Message}.", e);
        }
    }

    private static async Task<EmbeddedPostgresServer> Start(
        string folder,
        EmbeddedPostgresOptions options,
        ILogger logger,
        CancellationToken ct
    )
    {
        var held = ClusterPlace.Lock(folder);
        ServerProcess? process = null;
        try
        {
            var place = await ClusterPlace.Find(folder, logger, ct);
            var binaries = await ServerBinaries.Find(place, options, logger, ct);

            if (!Directory.Exists(place.Data))
                await NewCluster.Create(place, binaries, options.Durable, ct);
            else if (!File.Exists(place.Password))
                throw new EmbeddedPostgresException(
                    $"{place.Password} is missing, without which the database in {place.Data} cannot be opened: bring it back, or move both away to begin with an empty database."
                );

            process = new ServerProcess(place, binaries, options, logger);
            await process.Start(ct);
            var connection = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = process.Port,
                Username = "practice",
                Password = (await File.ReadAllTextAsync(place.Password, ct)).Trim(),
                Database = options.Database,
                SslMode = SslMode.Disable, // the loopback address never leaves the machine
                GssEncryptionMode = GssEncryptionMode.Disable,
            };
            await EnsureDatabase(connection, place, ct);
            return new(held, process, connection.ConnectionString);
        }
        catch
        {
            if (process is not null)
                await process.Stop();
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server; every commit stays. Call it after everything that uses the database has ended.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
            return;

        _stopped = true;
        await _process.Stop();
        await _lock.DisposeAsync(); // last: who gets the lock may count on a free cluster
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task EnsureDatabase(
        NpgsqlConnectionStringBuilder target,
        ClusterPlace place,
        CancellationToken ct
    )
    {
        var maintenance = new NpgsqlConnectionStringBuilder(target.ConnectionString)
        {
            Database = "postgres",
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            await using var find = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
            {
                Parameters = { new() { Value = target.Database } },
            };
            if (await find.ExecuteScalarAsync(ct) is not null)
                return;

            var name = new NpgsqlCommandBuilder().QuoteIdentifier(target.Database!);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
            await create.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new EmbeddedPostgresException(
                $"The password in {place.Password} is not that of the database beside it: bring the right one back.",
                e
            );
        }
    }

    internal static bool IsDiskFull(Exception e) =>
        e switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => true,
            IOException io => (io.HResult & 0xFFFF) is 28 or 112 or 39, // ENOSPC; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL
            _ => false,
        };
}
