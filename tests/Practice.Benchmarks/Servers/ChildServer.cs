using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Practice.Benchmarks.Servers;

/// <summary>A web server in a process of its own: the published host, or the raw baseline.</summary>
internal sealed partial class ChildServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ChildServer(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public int ProcessId => _process.Id;

    /// <summary>The time that it has used on all processors.</summary>
    public TimeSpan Cpu => ProcessFiles.CpuOf(ProcessId);

    /// <summary>The bytes of memory that it holds.</summary>
    public long Memory => ProcessFiles.MemoryOf(ProcessId);

    /// <summary>Starts it, and returns when it has printed where it listens.</summary>
    public static async Task<ChildServer> StartAsync(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var output = new ConcurrentQueue<string>();
        var listens = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Create(program, arguments, settings);
        process.Exited += (_, _) =>
            listens.TrySetException(
                new InvalidOperationException(
                    $"{program} ended:{Environment.NewLine}{string.Join(Environment.NewLine, output)}"
                )
            );
        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new ChildServer(process, await listens.Task.WaitAsync(Patience));
        }
        catch
        {
            await EndAsync(process);
            throw;
        }

        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null || listens.Task.IsCompleted)
                return;
            output.Enqueue(line.Data);
            if (Greeting().Match(line.Data) is { Success: true } greeting)
                listens.TrySetResult(new Uri(greeting.Groups[1].Value));
        }
    }

    /// <summary>Waits until it has done what follows from the calls so far, such as mails: until it is idle.</summary>
    public async Task SettleAsync()
    {
        var patience = Stopwatch.StartNew();
        for (var idle = 0; idle < 3 && patience.Elapsed < Patience; )
        {
            var before = Cpu;
            await Task.Delay(200);
            idle = (Cpu - before).TotalMilliseconds <= 20 ? idle + 1 : 0;
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public static async Task RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> settings
    )
    {
        using var process = Create(program, arguments, settings);
        process.Start();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed:{Environment.NewLine}{await output}{await errors}");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_process);
        _process.Dispose();
    }

    private static Process Create(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // As on a server: nothing that a developer has set for builds and tests, such as how code is compiled.
        foreach (var key in start.Environment.Keys.Where(IsSetForDevelopment).ToArray())
            start.Environment.Remove(key);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return new Process { StartInfo = start, EnableRaisingEvents = true };
    }

    private static bool IsSetForDevelopment(string key) =>
        (key.StartsWith("DOTNET_", StringComparison.Ordinal) && key != "DOTNET_ROOT")
        || key.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || key.Contains("__", StringComparison.Ordinal);

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

    [GeneratedRegex(@"^\s+Practice\s+(http\S+)$")]
    private static partial Regex Greeting();
}
