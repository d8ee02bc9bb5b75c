using System.Security.Cryptography;
using System.Text;

namespace Practice.EmbeddedPostgres;

/// <summary>
/// Creates a cluster under a temporary name and renames it when it is complete, so no server opens a partial one.
/// </summary>
internal static class ClusterInitializer
{
    public static async Task Create(
        ClusterDirectory cluster,
        ServerBinaries binaries,
        bool durable,
        CancellationToken ct
    )
    {
        if (Directory.Exists(cluster.UnfinishedData))
            Directory.Delete(cluster.UnfinishedData, recursive: true);
        if (!File.Exists(cluster.Password))
            await WritePassword(cluster, ct);

        var onLinux = OperatingSystem.IsLinux();
        string[] arguments =
        [
            "-D",
            cluster.UnfinishedData,
            "-U",
            "practice",
            "-A",
            "scram-sha-256",
            "--pwfile",
            cluster.Password,
            "-E",
            "UTF8",
            onLinux ? "--locale=C.UTF-8" : "--locale=C",
            "--no-instructions",
            // One sync of the file system, below, is far cheaper than initdb's sync of every file.
            .. onLinux || !durable ? ["--no-sync"] : Array.Empty<string>(),
        ];
        var initdb = await ChildProcess.Run(cluster.User, binaries.Initdb, arguments, ct);
        if (!initdb.Succeeded)
            throw EmbeddedPostgresException.FromOutput(
                $"initdb could not create a database in {cluster.Root}",
                cluster.Root,
                initdb.Output
            );
        if (onLinux && durable)
            await ChildProcess.Shell(null, "sync -f \"$1\" || sync", ct, cluster.UnfinishedData);

        Directory.Move(cluster.UnfinishedData, cluster.Data);
    }

    /// <summary>Writes to a temporary file, flushes it and renames it, so that the file is never incomplete.</summary>
    private static async Task WritePassword(ClusterDirectory cluster, CancellationToken ct)
    {
        var unfinished = cluster.Password + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        await using (var file = new FileStream(unfinished, options))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32)), ct);
            file.Flush(flushToDisk: true);
        }

        if (cluster.User is not null)
            await ChildProcess.ChangeOwner(unfinished, cluster.User, ct);
        File.Move(unfinished, cluster.Password, overwrite: true);
    }
}
