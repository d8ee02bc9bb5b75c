using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Practice.EmbeddedPostgres;

/// <summary>
/// The content of <c>postmaster.pid</c> in a data folder: the pid (line 1), the start time (3), the port (4) and the
/// state (8). A value that is missing, after a crash or on a full disk, reads as 0.
/// </summary>
internal sealed record PostmasterFile(int Pid, long StartedAt, int Port, bool Ready)
{
    public static string PathIn(string data) => Path.Combine(data, "postmaster.pid");

    public static PostmasterFile? Read(string data)
    {
        try
        {
            using var file = new FileStream(
                PathIn(data),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            using var reader = new StreamReader(file);
            var lines = reader.ReadToEnd().Split('\n');
            string Line(int number) => lines.Length >= number ? lines[number - 1].Trim() : "";
            return new((int)Number(Line(1)), Number(Line(3)), (int)Number(Line(4)), Line(8) == "ready");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the process with this pid is a running server of this folder. The pid alone proves nothing: the file
    /// remains after a crash, another process may have the same pid now, or the folder may be a copy of a folder with
    /// a running server.
    /// </summary>
    public async Task<bool> IsLiveServerOf(string data, string? user, CancellationToken ct)
    {
        // A zombie has no cwd, and the cwd of another user's process is not readable, so neither matches.
        if (OperatingSystem.IsLinux())
            return (
                await ChildProcess.Shell(
                    user,
                    "read -r name < /proc/$1/comm && [ \"$name\" = postgres ] && [ /proc/$1/cwd -ef \"$2\" ]",
                    ct,
                    Pid.ToString(CultureInfo.InvariantCulture),
                    data
                )
            ).Succeeded;

        try
        {
            using var process = Process.GetProcessById(Pid);
            var startedAt = new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
            return process.ProcessName == "postgres" && Math.Abs(startedAt - StartedAt) <= 2;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    private static long Number(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
