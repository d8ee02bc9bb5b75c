using System.Diagnostics;
using System.Globalization;

namespace Practice.Resilience.Tests;

/// <summary>
/// A database server that neither answers nor goes away: all its processes are stopped until this ends.
/// </summary>
internal sealed class FrozenServer : IDisposable
{
    private readonly int _server;

    private FrozenServer(int server) => _server = server;

    /// <param name="folder">The server's data directory.</param>
    public static FrozenServer Freeze(string folder)
    {
        var file = Directory.GetFiles(folder, "postmaster.pid", SearchOption.AllDirectories).Single();
        var frozen = new FrozenServer(int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture));
        frozen.Signal("STOP");
        return frozen;
    }

    public void Dispose() => Signal("CONT");

    private void Signal(string name)
    {
        string[] processes = [_server.ToString(CultureInfo.InvariantCulture), .. Children()];
        using var kill = Process.Start("kill", [$"-{name}", .. processes]);
        kill.WaitForExit();
    }

    private string[] Children() =>
        File.ReadAllText($"/proc/{_server}/task/{_server}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
