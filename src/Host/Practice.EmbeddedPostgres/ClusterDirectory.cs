using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Practice.EmbeddedPostgres;

/// <summary>
/// The directory of a cluster and the user who runs it. Usually it is <c>.data/postgres</c>. A host that runs as root
/// may have its checkout in a folder that no other user can access. The cluster is then in
/// <c>/var/lib/practice-embedded/&lt;id&gt;/postgres</c>: <c>.data/postgres.location</c> holds the id, and the file
/// <c>origin</c> next to the cluster holds the path of the data folder.
/// </summary>
internal sealed record ClusterDirectory(string Root, string? User)
{
    private const string ExternalRoot = "/var/lib/practice-embedded";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode TraversableByAll = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Data => Path.Combine(Root, "data");
    public string UnfinishedData => Path.Combine(Root, "data.new");
    public string Password => Path.Combine(Root, "password");
    public string Log => Path.Combine(Root, "server.log");
    public string DownloadedBinaries => Path.Combine(Root, "binaries");

    /// <summary>The operating system releases the lock when the process ends, even after a crash.</summary>
    public static FileStream Lock(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // a reader could lock the file too
        try
        {
            return new FileStream(Path.Combine(folder, "postgres.lock"), options);
        }
        catch (IOException e) when (!EmbeddedPostgresServer.IsDiskFull(e))
        {
            throw new EmbeddedPostgresException(
                $"Another process already uses the embedded database in {folder}: "
                    + "stop it first, or set another data directory.",
                e
            );
        }
    }

    /// <summary>The directory that another process, which holds the lock, has made; null if it has not yet.</summary>
    public static async Task<ClusterDirectory?> FindMade(string folder, CancellationToken ct)
    {
        var external = File.Exists(LocationFile(folder))
            ? Path.Combine(ExternalRoot, (await File.ReadAllTextAsync(LocationFile(folder), ct)).Trim())
            : folder;
        var root = Path.Combine(external, "postgres");
        var data = Path.Combine(root, "data");
        return Directory.Exists(data) ? new(root, await ServerUser.For(data, ct)) : null;
    }

    public static async Task<ClusterDirectory> Find(string folder, ILogger logger, CancellationToken ct)
    {
        var root = await ReadLocationFile(folder, logger, ct) ?? Path.Combine(folder, "postgres");
        var user = await ServerUser.For(Path.Combine(root, "data"), ct);

        if (!Directory.Exists(root))
            await CreateFolder(root, user, ct);
        if (await HasAccess(user, root, ct))
            return new(root, user);
        if (Directory.Exists(Path.Combine(root, "data")))
            throw new EmbeddedPostgresException(
                $"The user {user} owns the database in {root} but has no access to that folder: "
                    + $"give {user} access to its parent folders, or start as {user}."
            );

        if (OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException($"There is no access to {root}: check the folder's permissions.");

        Directory.Delete(root, recursive: true);
        return new(await CreateExternal(folder, user, ct), user);
    }

    /// <returns>The cluster that the location file names; null if there is no such file, or if it is a copy.</returns>
    private static async Task<string?> ReadLocationFile(string folder, ILogger logger, CancellationToken ct)
    {
        var locationFile = LocationFile(folder);
        if (!File.Exists(locationFile))
            return null;

        var id = (await File.ReadAllTextAsync(locationFile, ct)).Trim();
        var external = Path.Combine(ExternalRoot, id);
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigit) || !File.Exists(OriginFile(external)))
            throw new EmbeddedPostgresException(
                $"{locationFile} names a cluster in {external}, which does not exist: "
                    + "restore it, or delete the file to start with an empty database."
            );

        var origin = await File.ReadAllTextAsync(OriginFile(external), ct);
        if ((await ChildProcess.Shell(null, "[ \"$1\" -ef \"$2\" ]", ct, origin, folder)).Succeeded)
            return Path.Combine(external, "postgres");

        var originStillUsesIt =
            File.Exists(LocationFile(origin)) && (await File.ReadAllTextAsync(LocationFile(origin), ct)).Trim() == id;
        if (originStillUsesIt)
        {
            logger.LogWarning(
                "{Folder} is a copy of {Origin}, which keeps its database; the copy starts with an empty database",
                folder,
                origin
            );
            File.Delete(locationFile);
            return null;
        }

        await File.WriteAllTextAsync(OriginFile(external), folder, ct); // the folder was moved and keeps its cluster
        return Path.Combine(external, "postgres");
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task<string> CreateExternal(string folder, string? user, CancellationToken ct)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var external = Path.Combine(ExternalRoot, id);
        foreach (var created in new[] { ExternalRoot, external })
        {
            Directory.CreateDirectory(created);
            File.SetUnixFileMode(created, TraversableByAll); // independent of the umask
        }

        await File.WriteAllTextAsync(OriginFile(external), folder, ct);
        await File.WriteAllTextAsync(LocationFile(folder), id, ct);

        var root = Path.Combine(external, "postgres");
        await CreateFolder(root, user, ct);
        return root;
    }

    private static async Task CreateFolder(string path, string? user, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        if (user is not null)
            await ChildProcess.ChangeOwner(path, user, ct);
    }

    private static async Task<bool> HasAccess(string? user, string path, CancellationToken ct) =>
        user is null || (await ChildProcess.Shell(user, "cd -- \"$1\"", ct, path)).Succeeded;

    private static string LocationFile(string folder) => Path.Combine(folder, "postgres.location");

    private static string OriginFile(string external) => Path.Combine(external, "origin");
}
