using System.Diagnostics;

namespace Practice.EmbeddedPostgres;

/// <summary>Runs a program and waits for it to exit. Root can run it as another user.</summary>
internal static class ChildProcess
{
    internal sealed record Result(int ExitCode, string Output)
    {
        public bool Succeeded => ExitCode == 0;
    }

    public static ProcessStartInfo CreateStartInfo(string? user, string file, params IEnumerable<string> arguments)
    {
        // The server's user may have no access to the host's working directory.
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory),
        };
        if (OperatingSystem.IsWindows())
            return start; // without its environment a Windows program cannot even open a socket

        if (user is not null)
            start.UserName = user; // sets uid, gid and groups, so no rights of root remain

        // The host's environment may hold secrets, and PG* variables would change how the server runs.
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C"; // the code parses messages in English
        start.Environment["TZ"] = "UTC";
        return start;
    }

    public static async Task<Result> Run(string? user, string file, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = CreateStartInfo(user, file, arguments);
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

    /// <summary>Runs a shell command. The arguments are its <c>$1</c>, <c>$2</c>…, so they need no quoting.</summary>
    public static Task<Result> Shell(
        string? user,
        string command,
        CancellationToken ct,
        params IEnumerable<string> arguments
    ) => Run(user, "/bin/sh", ["-c", command, "sh", .. arguments], ct);

    public static Task ChangeOwner(string path, string user, CancellationToken ct) =>
        Shell(null, "chown -h -- \"$1:\" \"$2\"", ct, user, path);
}
