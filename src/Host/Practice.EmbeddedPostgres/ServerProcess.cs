using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Practice.EmbeddedPostgres;

/// <summary>A server on a cluster, which stops when this process ends.</summary>
internal sealed partial class ServerProcess(
    ClusterDirectory cluster,
    ServerBinaries binaries,
    EmbeddedPostgresOptions options,
    ILogger logger
)
{
    // Long, because after a crash the server first replays its write-ahead log.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeftoverServerLimit = TimeSpan.FromSeconds(15);
    private static readonly string[] PreviousServerStillRunning =
    [
        "pre-existing shared memory block",
        "\"postmaster.pid\" already exists",
    ];

    // Runs the server in its own session, so that Ctrl+C in a terminal reaches only the host, and reads from a pipe of
    // the host. The pipe closes when the host requests a stop or dies for any reason. The server then gets SIGINT,
    // PostgreSQL's fast shutdown. The pid gets the signal only if its working directory is the data folder.
    private const string Watchdog = """
        exec 3<&0 >>"$2" 2>&1
        cd "$1" || exit
        shift 2
        "$@" 3<&- </dev/null &
        server=$!
        { read -r closed <&3; [ "/proc/$server/cwd" -ef . ] && kill -INT "$server"; } &
        exec 3<&- </dev/null
        wait "$server"
        """;

    private Process? _watchdog;
    private WindowsJob? _job;
    private bool _startedWithPgCtl;
    private volatile bool _stopping;

    public int Port { get; private set; }

    public async Task Start(CancellationToken ct)
    {
        if (File.Exists(cluster.Log))
            File.Move(cluster.Log, cluster.Log + ".1", overwrite: true); // keep the logs of this run and the last one

        Port = await ReadPreviousPort(ct) ?? FreePort();
        for (var clock = Stopwatch.StartNew(); ; )
        {
            await StopLeftoverServer(ct);
            var logLength = File.Exists(cluster.Log) ? new FileInfo(cluster.Log).Length : 0;
            if (await Launch(ct))
                return;

            var failure = await ReadLog(from: logLength, ct);
            if (clock.Elapsed < LeftoverServerLimit && failure.Contains("could not bind", StringComparison.Ordinal))
                Port = FreePort();
            else if (clock.Elapsed < LeftoverServerLimit && PreviousServerStillRunning.Any(failure.Contains))
                await Task.Delay(100, ct);
            else
                throw EmbeddedPostgresException.FromOutput(
                    $"PostgreSQL did not start (see its log, {cluster.Log})",
                    cluster.Root,
                    failure
                );
        }
    }

    /// <summary>
    /// Stops a server that an earlier host left on this cluster. Nothing would stop it later if this host used it.
    /// </summary>
    private async Task StopLeftoverServer(CancellationToken ct)
    {
        if (PostmasterFile.Read(cluster.Data) is not { } leftover)
            return;

        if (await leftover.IsLiveServerOf(cluster.Data, cluster.User, ct))
        {
            logger.LogInformation("Stopping the embedded PostgreSQL server of an earlier process");
            await PgCtl(ct, "stop", "-D", cluster.Data, "-m", "fast", "-s", "-w", "-t", $"{StopLimit.TotalSeconds}");

            // The server deletes its pid file before it exits, so wait for the process too.
            var clock = Stopwatch.StartNew();
            while (await leftover.IsLiveServerOf(cluster.Data, cluster.User, ct))
            {
                if (clock.Elapsed > LeftoverServerLimit)
                    throw new EmbeddedPostgresException(
                        $"An earlier PostgreSQL server (process {leftover.Pid}) still uses {cluster.Data} "
                            + "and does not stop: end that process and start again."
                    );
                await Task.Delay(50, ct);
            }
        }

        // PostgreSQL does not start if the pid in the file belongs to another process of the same user.
        File.Delete(PostmasterFile.PathIn(cluster.Data));
    }

    /// <returns>False if the server exited before it was ready; its log says why.</returns>
    private async Task<bool> Launch(CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
            return await LaunchWithPgCtl(ct);

        var start = ChildProcess.CreateStartInfo(
            cluster.User,
            "/bin/sh",
            [
                "-c",
                "exec setsid /bin/sh -c \"$@\"",
                "sh",
                Watchdog,
                "watchdog",
                cluster.Data,
                cluster.Log,
                binaries.Postgres,
                "-D",
                cluster.Data,
                .. Settings(),
            ]
        );
        start.RedirectStandardInput = true;
        _watchdog = Process.Start(start)!;

        var clock = Stopwatch.StartNew();
        while (PostmasterFile.Read(cluster.Data) is not { Ready: true } file || file.Port != Port)
        {
            if (_watchdog.HasExited)
            {
                CloseWatchdog();
                return false;
            }

            if (clock.Elapsed > StartLimit)
                throw new EmbeddedPostgresException(
                    $"PostgreSQL was not ready within {StartLimit.TotalMinutes} minutes: see its log, {cluster.Log}."
                );
            await Task.Delay(10, ct);
        }

        _watchdog.Exited += (_, _) =>
        {
            if (!_stopping)
                logger.LogCritical(
                    "The embedded PostgreSQL server stopped unexpectedly; see its log, {Log}, and restart the host",
                    cluster.Log
                );
        };
        _watchdog.EnableRaisingEvents = true;
        return true;
    }

    /// <summary>
    /// For macOS, which has no setsid, and Windows, which has no signals. On macOS the server of a killed host keeps
    /// running until the next start stops it.
    /// </summary>
    private async Task<bool> LaunchWithPgCtl(CancellationToken ct)
    {
        if (
            !await PgCtl(
                ct,
                "start",
                "-D",
                cluster.Data,
                "-l",
                cluster.Log,
                "-s",
                "-w",
                "-t",
                $"{StartLimit.TotalSeconds}",
                "-o",
                string.Join(' ', Settings())
            )
        )
            return false;
        if (OperatingSystem.IsWindows() && PostmasterFile.Read(cluster.Data) is { } file)
            _job = WindowsJob.Create(file.Pid);
        _startedWithPgCtl = true;
        return true;
    }

    /// <summary>Does nothing if no server was started.</summary>
    public async Task Stop()
    {
        _stopping = true;
        if (_startedWithPgCtl)
            await PgCtl(
                CancellationToken.None,
                "stop",
                "-D",
                cluster.Data,
                "-m",
                "fast",
                "-s",
                "-w",
                "-t",
                $"{StopLimit.TotalSeconds}"
            );
        if (OperatingSystem.IsWindows())
            _job?.Dispose();
        if (_watchdog is null)
            return;

        _watchdog.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _watchdog.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            logger.LogError(
                "The embedded PostgreSQL server has not stopped within {Limit}; the next start stops it",
                StopLimit
            );
        }

        CloseWatchdog();
    }

    /// <summary>
    /// Closes the pipe too: otherwise the part of the watchdog that reads it would wait until this process ends.
    /// </summary>
    private void CloseWatchdog()
    {
        _watchdog?.StandardInput.Close();
        _watchdog?.Dispose();
        _watchdog = null;
    }

    private string[] Settings()
    {
        List<string> settings =
        [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=", // the path of a socket is limited to 107 bytes
            $"max_connections={options.MaxConnections}",
            // Log starts, stops and server failures only. Errors of statements reach the host as exceptions, and their
            // details contain personal data.
            "jit=off", // compiling pays for long analytical queries only
            "log_min_messages=log",
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            "log_checkpoints=off",
        ];
        if (!options.Durable)
            settings.AddRange([
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
                "wal_level=minimal",
                "max_wal_senders=0",
            ]);
        return
        [
            "-p",
            Port.ToString(CultureInfo.InvariantCulture),
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ];
    }

    /// <summary>
    /// Captures no output: the server would inherit the pipe, and reading it would block until the server stops.
    /// </summary>
    private async Task<bool> PgCtl(CancellationToken ct, params string[] arguments)
    {
        using var process = Process.Start(ChildProcess.CreateStartInfo(cluster.User, binaries.PgCtl, arguments))!;
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0;
    }

    /// <summary>
    /// The port of the last start, so that a developer's saved connection keeps working. The server saves its options.
    /// </summary>
    private async Task<int?> ReadPreviousPort(CancellationToken ct)
    {
        var optionsFile = Path.Combine(cluster.Data, "postmaster.opts");
        var port = File.Exists(optionsFile)
            ? PortPattern().Match(await File.ReadAllTextAsync(optionsFile, ct))
            : Match.Empty;
        return port.Success ? int.Parse(port.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<string> ReadLog(long from, CancellationToken ct)
    {
        if (!File.Exists(cluster.Log))
            return "";
        await using var file = new FileStream(
            cluster.Log,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        file.Position = from;
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(ct);
    }

    [GeneratedRegex("\"-p\" \"(\\d+)\"")]
    private static partial Regex PortPattern();
}
