using System.Security.Cryptography;
using System.Text;

namespace Practice.EmbeddedPostgres;

/// <summary>Creates a cluster beside its final name and renames it when it is whole, so a half-made one is never opened.</summary>
internal static class NewCluster
{
    public static async Task Create(ClusterPlace place, ServerBinaries binaries, bool durable, CancellationToken ct)
    {
        if (Directory.Exists(place.UnfinishedData))
            Directory.Delete(place.UnfinishedData, recursive: true);
        if (!File.Exists(place.Password))
            await WritePassword(place, ct);

        var onLinux = OperatingSystem.IsLinux();
        string[] arguments =
        [
            "-D",
            place.UnfinishedData,
            "-U",
            "practice",
            "-A",
            "scram-sha-256",
            "--pwfile",
            place.Password,
            "-E",
            "UTF8",
            onLinux ? "--locale=C.UTF-8" : "--locale=C",
            "--no-instructions",
            // One sync of the file system below is far cheaper than initdb's sync of every file.
            .. onLinux || !durable ? ["--no-sync"] : Array.Empty<string>(),
        ];
        var initdb = await ChildProcess.Run(place.User, binaries.Initdb, arguments, ct);
        if (!initdb.Succeeded)
            throw EmbeddedPostgresException.FromOutput(
                $"initdb could not create a database in {place.Root}",
                place.Root,
                initdb.Output
            );
        if (onLinux && durable)
            await ChildProcess.Shell(null, "sync -f \"$1\" || sync", ct, place.UnfinishedData);

        Directory.Move(place.UnfinishedData, place.Data);
    }

    /// <summary>Whole or not at all: written aside, on the disk before it gets its name.</summary>
    private static async Task WritePassword(ClusterPlace place, CancellationToken ct)
    {
        var unfinished = place.Password + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        await using (var file = new FileStream(unfinished, options))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32)), ct);
            file.Flush(flushToDisk: true);
        }

        if (place.User is not null)
            await ChildProcess.GiveTo(place.User, unfinished, ct);
        File.Move(unfinished, place.Password, overwrite: true);
    }
}
