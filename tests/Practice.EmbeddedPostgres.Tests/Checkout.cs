using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Practice.EmbeddedPostgres.Tests;

/// <summary>
/// A temporary folder to start a host in. Disposing it stops the processes that still run there and deletes all files.
/// </summary>
internal sealed class Checkout : IAsyncDisposable
{
    private const UnixFileMode OpenToAll = (UnixFileMode)0b111_101_101;

    private readonly List<EmbeddedPostgresServer> _servers = [];
    private readonly List<Process> _processes = [];

    public Checkout(bool openToOthers = true)
    {
        Folder = Directory.CreateTempSubdirectory("embedded-postgres-").FullName; // 0700
        if (openToOthers && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(Folder, OpenToAll);
    }

    public string Folder { get; }
    public string DataDirectory => Path.Combine(Folder, ".data");
    public string LocationFile => Path.Combine(DataDirectory, "postgres.location");
    public string ClusterFolder =>
        File.Exists(LocationFile)
            ? Path.Combine("/var/lib/practice-embedded", File.ReadAllText(LocationFile), "postgres")
            : Path.Combine(DataDirectory, "postgres");
    public string Data => Path.Combine(ClusterFolder, "data");
    public int Postmaster => PostmasterFile.Read(Data)!.Pid;

    public async Task<EmbeddedPostgresServer> Start(Func<EmbeddedPostgresOptions, EmbeddedPostgresOptions>? with = null)
    {
        // Not durable by default, because initdb and checkpoints are then faster. The rules are the same.
        var options = new EmbeddedPostgresOptions { DataDirectory = DataDirectory, Durable = false };
        var server = await EmbeddedPostgresServer.StartAsync(
            with?.Invoke(options) ?? options,
            NullLogger.Instance,
            Limit()
        );
        _servers.Add(server);
        return server;
    }

    public async Task<string> FailingStart(Func<EmbeddedPostgresOptions, EmbeddedPostgresOptions>? with = null)
    {
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => Start(with));
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }

    /// <summary>A host in its own process, with the durable settings of a real one.</summary>
    public async Task<(Process Process, string ConnectionString)> StartHost()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Practice.EmbeddedPostgres.Tests.Host.dll");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [program, DataDirectory]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var host = Own(Process.Start(start)!);
        var connectionString = await host.StandardOutput.ReadLineAsync(Limit());
        return (
            host,
            connectionString ?? throw new InvalidOperationException("The host ended without starting its server.")
        );
    }

    /// <summary>A process of the server's user that has nothing to do with the server.</summary>
    public async Task<Process> StartUnrelatedProcess() =>
        Own(Process.Start(ChildProcess.CreateStartInfo(await ServerUser.For(Data, default), "/bin/sleep", "300"))!);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        foreach (var process in _processes)
        {
            process.Kill();
            process.Dispose();
        }

        if (
            Directory.Exists(Data)
            && PostmasterFile.Read(Data) is { } leftover
            && await leftover.IsLiveServerOf(Data, await ServerUser.For(Data, default), default)
        )
            await KillAndWait(leftover.Pid);
        if (File.Exists(LocationFile))
            Directory.Delete(Path.GetDirectoryName(ClusterFolder)!, recursive: true);
        Directory.Delete(Folder, recursive: true);
    }

    public static CancellationToken Limit(int seconds = 120) =>
        new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;

    public static async Task Until(Func<bool> condition, string what, int seconds = 10)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed.TotalSeconds < seconds, $"{what} did not happen within {seconds} s");
            await Task.Delay(10);
        }
    }

    /// <summary>A zombie, whose exit code its parent has not read yet, counts as gone.</summary>
    public static bool IsGone(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].TrimStart()[0] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static int ParentOf(int pid) =>
        int.Parse(
            File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );

    public static async Task KillAndWait(int pid)
    {
        using (var process = Process.GetProcessById(pid))
            process.Kill();
        await Until(() => IsGone(pid), $"the end of process {pid}");
    }

    public static async Task<object?> Query(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Limit());
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Limit());
    }

    private Process Own(Process process)
    {
        _processes.Add(process);
        return process;
    }
}

/// <summary>A cluster that is created once and copied by most tests: a copy is ten times faster than initdb.</summary>
#pragma warning disable CA1001 // xunit disposes it through IAsyncLifetime
public sealed class ClusterTemplate : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly Checkout _original = new();

    public async Task InitializeAsync() => await (await _original.Start()).StopAsync();

    internal async Task<Checkout> Copy()
    {
        var copy = new Checkout();
        var copied = await ChildProcess.Shell(
            null,
            "cp -a \"$1\" \"$2\"",
            Checkout.Limit(),
            _original.DataDirectory,
            copy.DataDirectory
        );
        Assert.True(copied.Succeeded, copied.Output);
        return copy;
    }

    public async Task DisposeAsync() => await _original.DisposeAsync();
}
