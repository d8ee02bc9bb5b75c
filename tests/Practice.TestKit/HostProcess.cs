using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Practice.Shared.Persistence;

namespace Practice.TestKit;

/// <summary>The real host in a process of its own, for tests of how it starts, stops and dies.</summary>
public sealed partial class HostProcess : RunningHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// The host as it was built, not the copy beside the tests: there it finds modules only, and no tests.
    /// <c>PRACTICE_HOST</c> names another, such as one that was published.
    /// </summary>
    private static readonly string Executable = Environment.GetEnvironmentVariable("PRACTICE_HOST")
        ?? Path.Combine(
            Checkout.Folder,
            "src",
            "Host",
            "Practice.Host",
            "bin",
            BuildOf(AppContext.BaseDirectory),
            "Practice.Host.dll"
        );

    /// <summary>Where its <c>appsettings.json</c> is.</summary>
    public static string Folder => Path.GetDirectoryName(Executable)!;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output;

    private HostProcess(Process process, ConcurrentQueue<string> output, Uri url, string dataDirectory)
        : base(url, new MailFolder(Path.Combine(dataDirectory, "mail")), null) =>
        (_process, _output) = (process, output);

    /// <summary>What it has written to the console.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>The bytes of memory that it holds.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>
    /// Starts it on a free port and waits until it greets. Without a connection string it has a database of its own in
    /// the data directory.
    /// </summary>
    /// <param name="settings">By their configuration keys.</param>
    public static async Task<HostProcess> StartAsync(
        string dataDirectory,
        IReadOnlyDictionary<string, string?>? settings = null
    )
    {
        var all = new Dictionary<string, string?>
        {
            ["Data:Directory"] = dataDirectory,
            ["Demo:Seed"] = "false",
            ["RateLimits:PerMinute"] = "0",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
            all[key] = value;

        var output = new ConcurrentQueue<string>();
        var greeted = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Create(all);
        process.Exited += (_, _) =>
            greeted.TrySetException(
                new InvalidOperationException(
                    $"The host ended:{Environment.NewLine}{string.Join(Environment.NewLine, output)}"
                )
            );
        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            var host = new HostProcess(process, output, await greeted.Task.WaitAsync(Patience), dataDirectory);

            // The first command has the host compile how it handles messages, over which a busy machine may take longer
            // than a call may.
            await Eventually.Is(
                async () =>
                    (
                        await host.Api.Post(
                            "/api/users/sign-in",
                            new { email = "nobody@practice.test", password = "nobody has this password" }
                        )
                    ).Status != 503,
                Patience
            );
            return host;
        }
        catch
        {
            await EndAsync(process);
            throw;
        }

        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null)
                return;
            output.Enqueue(line.Data);
            if (Greeting().Match(line.Data) is { Success: true } greeting)
                greeted.TrySetResult(new Uri(greeting.Groups[1].Value));
        }
    }

    /// <summary>Runs it to its end, as with settings that it can't start with.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyDictionary<string, string?> settings,
        params string[] arguments
    ) => RunAsync(settings, _ => { }, arguments);

    /// <param name="onError">Is told each line on the error stream when it comes.</param>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IReadOnlyDictionary<string, string?> settings,
        Action<string> onError,
        params string[] arguments
    )
    {
        using var process = Create(settings, arguments);
        process.Start();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), ReadAsync(process.StandardError, onError));
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string> onLine)
    {
        var all = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            onLine(line);
        }

        return all.ToString();
    }

    /// <summary>Runs it until something is so, and then kills it.</summary>
    public static async Task KillWhenAsync(
        Func<Task<bool>> condition,
        IReadOnlyDictionary<string, string?> settings,
        params string[] arguments
    )
    {
        using var process = Create(settings, arguments);
        process.Start();
        try
        {
            await Eventually.Is(condition);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    /// <summary>As an orchestrator or Ctrl+C stops it; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await signal.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary><c>kill -9</c>: it gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync(_process);
        _process.Dispose();
    }

    private static Process Create(IReadOnlyDictionary<string, string?> settings, params string[] arguments)
    {
        // systemd says to a service which process it has started.
        string[] command = settings.ContainsKey("JOURNAL_STREAM")
            ? ["sh", "-c", "SYSTEMD_EXEC_PID=$$ exec dotnet \"$@\"", "sh", Executable, .. arguments]
            : ["dotnet", Executable, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (
            var key in start
                .Environment.Keys.Where(key =>
                    key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
                    || key.Contains("__", StringComparison.Ordinal)
                )
                .ToArray()
        )
            start.Environment.Remove(key);
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        if (settings.ContainsKey("ConnectionStrings:Practice")) // a copy of the template (TestServer)
            start.Environment["Database__RolePrefix"] = PracticeDatabase.EarlierRolePrefix;
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return new Process { StartInfo = start, EnableRaisingEvents = true };
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        catch (InvalidOperationException) // it has ended, or was never started
        { }
    }

    /// <summary>Such as <c>Debug/net10.0</c>.</summary>
    private static string BuildOf(string folder) =>
        string.Join(
            Path.DirectorySeparatorChar,
            Path.TrimEndingDirectorySeparator(folder).Split(Path.DirectorySeparatorChar)[^2..]
        );

    [GeneratedRegex(@"^\s+Practice\s+(http\S+)$")]
    private static partial Regex Greeting();
}
