using System.Diagnostics;

namespace Practice.EmbeddedPostgres;

/// <summary>Runs a program to its end, as another user where one is named (only root can).</summary>
internal static class ChildProcess
{
    internal sealed record Outcome(int ExitCode, string Output)
    {
        public bool Succeeded => ExitCode == 0;
    }

    public static ProcessStartInfo Describe(string? user, string file, params IEnumerable<string> arguments)
    {
        // The server's user may not be allowed into the host's working directory.
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory),
        };
        if (OperatingSystem.IsWindows())
            return start; // without its environment a Windows program cannot even open a socket

        if (user is not null)
            start.UserName = user; // sets uid, gid and groups, so nothing of root is left

        // The host's environment may hold secrets, and PG* variables would mislead the server.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C"; // messages are read below, in English
        start.Environment["TZ"] = "UTC";
        return start;
    }

    public static async Task<Outcome> Run(
        string? user,
        string file,
        IEnumerable<string> arguments,
        CancellationToken ct
    )
    {
        var start = Describe(user, file, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>A line of shell; the arguments are its <c>$1</c>, <c>$2</c>…, never part of its text.</summary>
    public static Task<Outcome> Shell(
        string? user,
        string line,
        CancellationToken ct,
        params IEnumerable<string> arguments
    ) => Run(user, "/bin/sh", ["-c", line, "sh", .. arguments], ct);

    public static Task GiveTo(string user, string path, CancellationToken ct) =>
        Shell(null, "chown -h -- \"$1:\" \"$2\"", ct, user, path);
}
