using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Practice.EmbeddedPostgres;

/// <summary>
/// A private PostgreSQL server that belongs to this process. It runs on a cluster in the data directory, stops when the
/// process ends for any reason, and touches no other cluster. With <see cref="EmbeddedPostgresOptions.Join"/> it may
/// be the server of another process, which goes on when this one ends.
/// </summary>
public sealed class EmbeddedPostgresServer : IAsyncDisposable
{
    private readonly (FileStream Lock, ServerProcess Process)? _own;
    private bool _stopped;

    private EmbeddedPostgresServer((FileStream Lock, ServerProcess Process)? own, string connectionString)
    {
        _own = own;
        ConnectionString = connectionString;
    }

    /// <summary>Another process runs this server.</summary>
    public bool Joined => _own is null;

    /// <summary>Connects as the cluster's superuser <c>practice</c>, over TCP on the loopback address.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// Creates the cluster and the database if they do not exist, stops a server that a killed host left behind, and
    /// returns when the database accepts connections.
    /// </summary>
    /// <exception cref="EmbeddedPostgresException">The server cannot run; the message is one line.</exception>
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
        catch (Win32Exception e) // for example, root in a container that cannot switch to another user
        {
            throw new EmbeddedPostgresException($"Could not run the embedded PostgreSQL: {e.Message}.", e);
        }
    }

    private static async Task<EmbeddedPostgresServer> Start(
        string folder,
        EmbeddedPostgresOptions options,
        ILogger logger,
        CancellationToken ct
    )
    {
        FileStream directoryLock;
        try
        {
            directoryLock = ClusterDirectory.Lock(folder);
        }
        catch (EmbeddedPostgresException) when (options.Join)
        {
            if (await FindRunning(folder, options, ct) is { } running)
                return running;
            throw; // the other process is starting, or stopping
        }

        ServerProcess? process = null;
        try
        {
            var cluster = await ClusterDirectory.Find(folder, logger, ct);
            var binaries = await ServerBinaries.Find(cluster, options, logger, ct);

            if (!Directory.Exists(cluster.Data))
                await ClusterInitializer.Create(cluster, binaries, options.Durable, ct);
            else if (!File.Exists(cluster.Password))
                throw new EmbeddedPostgresException(
                    $"{cluster.Password} is missing, and the database in {cluster.Data} cannot be opened without it: "
                        + "restore the file, or move both away to start with an empty database."
                );

            process = new ServerProcess(cluster, binaries, options, logger);
            await process.Start(ct);
            var connection = await ConnectionTo(process.Port, cluster, options, ct);
            await EnsureDatabase(connection, cluster, ct);
            return new((directoryLock, process), connection.ConnectionString);
        }
        catch
        {
            if (process is not null)
                await process.Stop();
            await directoryLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops the server if it is this process's own. All committed data stays. Call it after everything that uses the
    /// database has stopped.
    /// </summary>
    public async Task StopAsync()
    {
        if (_stopped)
            return;

        _stopped = true;
        if (_own is not { } own)
            return;
        await own.Process.Stop();
        await own.Lock.DisposeAsync(); // last: the next holder of the lock relies on a stopped server
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <returns>The server that another process runs on this cluster; null if none is ready.</returns>
    private static async Task<EmbeddedPostgresServer?> FindRunning(
        string folder,
        EmbeddedPostgresOptions options,
        CancellationToken ct
    )
    {
        if (
            await ClusterDirectory.FindMade(folder, ct) is not { } cluster
            || PostmasterFile.Read(cluster.Data) is not { Ready: true } file
            || !await file.IsLiveServerOf(cluster.Data, cluster.User, ct)
        )
            return null;
        return new(own: null, (await ConnectionTo(file.Port, cluster, options, ct)).ConnectionString);
    }

    private static async Task<NpgsqlConnectionStringBuilder> ConnectionTo(
        int port,
        ClusterDirectory cluster,
        EmbeddedPostgresOptions options,
        CancellationToken ct
    ) =>
        new()
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "practice",
            Password = (await File.ReadAllTextAsync(cluster.Password, ct)).Trim(),
            Database = options.Database,
            SslMode = SslMode.Disable, // the loopback address never leaves the machine
            GssEncryptionMode = GssEncryptionMode.Disable,
        };

    private static async Task EnsureDatabase(
        NpgsqlConnectionStringBuilder target,
        ClusterDirectory cluster,
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
                $"The password in {cluster.Password} is not the password of the database next to it: "
                    + "restore the right file.",
                e
            );
        }
    }

    internal static bool IsDiskFull(Exception e) =>
        e switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => true,
            // ENOSPC; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL
            IOException io => (io.HResult & 0xFFFF) is 28 or 112 or 39,
            _ => false,
        };
}
