using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Practice.EmbeddedPostgres;

/// <summary>A running server on a cluster, bound to the life of this process.</summary>
internal sealed partial class ServerProcess(
    ClusterPlace place,
    ServerBinaries binaries,
    EmbeddedPostgresOptions options,
    ILogger logger
)
{
    // A crash leaves log to be replayed, which takes its time; a server that is merely slow must not be given up.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LeftoversLimit = TimeSpan.FromSeconds(15);
    private static readonly string[] KilledServerIsStillGoing =
    [
        "pre-existing shared memory block",
        "\"postmaster.pid\" already exists",
    ];

    // Runs the server in a session of its own, so that Ctrl+C in a terminal reaches the host alone, and holds the other end
    // of a pipe from the host. The pipe closes when the host asks for a stop and when it dies, however it dies; then the
    // server gets SIGINT, PostgreSQL's fast stop. The pid is signalled only while it works in the data folder.
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
        if (File.Exists(place.Log))
            File.Move(place.Log, place.Log + ".1", overwrite: true); // this run's log and the last one's, no more

        Port = await PortOfLastTime(ct) ?? FreePort();
        for (var clock = Stopwatch.StartNew(); ; )
        {
            await StopWhatIsLeft(ct);
            var logged = File.Exists(place.Log) ? new FileInfo(place.Log).Length : 0;
            if (await Launch(ct))
                return;

            var failure = await ReadLog(from: logged, ct);
            if (clock.Elapsed < LeftoversLimit && failure.Contains("could not bind", StringComparison.Ordinal))
                Port = FreePort();
            else if (clock.Elapsed < LeftoversLimit && KilledServerIsStillGoing.Any(failure.Contains))
                await Task.Delay(100, ct);
            else
                throw EmbeddedPostgresException.FromOutput(
                    $"PostgreSQL did not start (its log is {place.Log})",
                    place.Root,
                    failure
                );
        }
    }

    /// <summary>Ends a server that an earlier host left on this cluster: attaching to it would leave it without an owner.</summary>
    private async Task StopWhatIsLeft(CancellationToken ct)
    {
        if (PostmasterFile.Read(place.Data) is not { } left)
            return;

        if (await left.IsLiveServerOf(place.Data, place.User, ct))
        {
            logger.LogInformation("Taking the embedded database over from an earlier process");
            await PgCtl(ct, "stop", "-D", place.Data, "-m", "fast", "-s", "-w", "-t", $"{StopLimit.TotalSeconds}");

            // The pid file goes before the process does: a server whose own watchdog is just stopping it is still there.
            var clock = Stopwatch.StartNew();
            while (await left.IsLiveServerOf(place.Data, place.User, ct))
            {
                if (clock.Elapsed > LeftoversLimit)
                    throw new EmbeddedPostgresException(
                        $"An earlier PostgreSQL server (process {left.Pid}) still uses {place.Data} and does not stop: end it and start again."
                    );
                await Task.Delay(50, ct);
            }
        }

        // PostgreSQL would refuse to start if the pid in the file now belongs to any other process of its user.
        File.Delete(PostmasterFile.PathIn(place.Data));
    }

    /// <returns>False when the server ended instead of becoming ready; its log says why.</returns>
    private async Task<bool> Launch(CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
            return await LaunchWithPgCtl(ct);

        var start = ChildProcess.Describe(
            place.User,
            "/bin/sh",
            [
                "-c",
                "exec setsid /bin/sh -c \"$@\"",
                "sh",
                Watchdog,
                "watchdog",
                place.Data,
                place.Log,
                binaries.Postgres,
                "-D",
                place.Data,
                .. Settings(),
            ]
        );
        start.RedirectStandardInput = true;
        _watchdog = Process.Start(start)!;

        var clock = Stopwatch.StartNew();
        while (PostmasterFile.Read(place.Data) is not { Ready: true } file || file.Port != Port)
        {
            if (_watchdog.HasExited)
            {
                CloseWatchdog();
                return false;
            }

            if (clock.Elapsed > StartLimit)
                throw new EmbeddedPostgresException(
                    $"PostgreSQL did not get ready within {StartLimit.TotalMinutes} minutes; its log is {place.Log}."
                );
            await Task.Delay(10, ct);
        }

        _watchdog.Exited += (_, _) =>
        {
            if (!_stopping)
                logger.LogCritical("The embedded PostgreSQL server ended by itself; its log is {Log}", place.Log);
        };
        _watchdog.EnableRaisingEvents = true;
        return true;
    }

    /// <summary>macOS has no setsid, Windows no signals. On macOS a killed host leaves the server for the next start to take over.</summary>
    private async Task<bool> LaunchWithPgCtl(CancellationToken ct)
    {
        if (
            !await PgCtl(
                ct,
                "start",
                "-D",
                place.Data,
                "-l",
                place.Log,
                "-s",
                "-w",
                "-t",
                $"{StartLimit.TotalSeconds}",
                "-o",
                string.Join(' ', Settings())
            )
        )
            return false;
        if (OperatingSystem.IsWindows() && PostmasterFile.Read(place.Data) is { } file)
            _job = WindowsJob.Holding(file.Pid);
        _startedWithPgCtl = true;
        return true;
    }

    /// <summary>Does nothing where no server was started.</summary>
    public async Task Stop()
    {
        _stopping = true;
        if (_startedWithPgCtl)
            await PgCtl(
                CancellationToken.None,
                "stop",
                "-D",
                place.Data,
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
                "The embedded PostgreSQL server is still stopping after {Limit}; the next start takes it over",
                StopLimit
            );
        }

        CloseWatchdog();
    }

    /// <summary>With the pipe, or the part of the watchdog that reads it would wait for this process's end.</summary>
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
            "unix_socket_directories=", // a socket's path may not exceed 107 bytes
            $"max_connections={options.MaxConnections}",
            // Starts, stops and what broke the server. Errors of statements reach the host as exceptions, and their
            // details hold people's data.
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

    /// <summary>No output is captured: the server would inherit the pipe, and reading it would wait for the server's end.</summary>
    private async Task<bool> PgCtl(CancellationToken ct, params string[] arguments)
    {
        using var process = Process.Start(ChildProcess.Describe(place.User, binaries.PgCtl, arguments))!;
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0;
    }

    /// <summary>Keeping the port keeps a developer's saved connection working. The server itself writes down how it was started.</summary>
    private async Task<int?> PortOfLastTime(CancellationToken ct)
    {
        var notes = Path.Combine(place.Data, "postmaster.opts");
        var port = File.Exists(notes) ? PortPattern().Match(await File.ReadAllTextAsync(notes, ct)) : Match.Empty;
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
        if (!File.Exists(place.Log))
            return "";
        await using var file = new FileStream(
            place.Log,
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
