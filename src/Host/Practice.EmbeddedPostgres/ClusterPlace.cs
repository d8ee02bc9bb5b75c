using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Practice.EmbeddedPostgres;

/// <summary>
/// Where a cluster lies and who runs it. Usually <c>.data/postgres</c>. Where a host that is root keeps its checkout in a
/// folder that no other user may enter, the cluster lies in <c>/var/lib/practice-embedded/&lt;id&gt;/postgres</c> instead;
/// <c>.data/postgres.location</c> holds the id, and <c>origin</c> beside the cluster the way back.
/// </summary>
internal sealed record ClusterPlace(string Root, string? User)
{
    private const string Outside = "/var/lib/practice-embedded";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Data => Path.Combine(Root, "data");
    public string UnfinishedData => Path.Combine(Root, "data.new");
    public string Password => Path.Combine(Root, "password");
    public string Log => Path.Combine(Root, "server.log");
    public string DownloadedBinaries => Path.Combine(Root, "binaries");

    /// <summary>The lock goes with the process, however it dies, so it needs no clearing away.</summary>
    public static FileStream Lock(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // who may read it could lock it too
        try
        {
            return new FileStream(Path.Combine(folder, "postgres.lock"), options);
        }
        catch (IOException e) when (!EmbeddedPostgresServer.IsDiskFull(e))
        {
            throw new EmbeddedPostgresException(
                $"Another process already uses the embedded database in {folder}: stop it first, or set another data directory.",
                e
            );
        }
    }

    public static async Task<ClusterPlace> Find(string folder, ILogger logger, CancellationToken ct)
    {
        var place = await Recorded(folder, logger, ct) ?? Path.Combine(folder, "postgres");
        var user = await ServerUser.For(Path.Combine(place, "data"), ct);

        if (!Directory.Exists(place))
            await CreateFolder(place, user, ct);
        if (await CanEnter(place, user, ct))
            return new(place, user);
        if (Directory.Exists(Path.Combine(place, "data")))
            throw new EmbeddedPostgresException(
                $"The user {user} who owns the database in {place} may not enter that folder: open the folders above it, or run as {user}."
            );

        if (OperatingSystem.IsWindows())
            throw new EmbeddedPostgresException($"{place} cannot be entered.");

        Directory.Delete(place, recursive: true);
        return new(await CreateOutside(folder, user, ct), user);
    }

    /// <summary>The place that the location file names, unless the file came here with a copy of somebody else's folder.</summary>
    private static async Task<string?> Recorded(string folder, ILogger logger, CancellationToken ct)
    {
        var location = Location(folder);
        if (!File.Exists(location))
            return null;

        var id = (await File.ReadAllTextAsync(location, ct)).Trim();
        var home = Path.Combine(Outside, id);
        if (id.Length != 32 || !id.All(char.IsAsciiHexDigit) || !File.Exists(Origin(home)))
            throw new EmbeddedPostgresException(
                $"{location} names a cluster in {home}, which is gone: bring it back, or delete the file to begin with an empty database."
            );

        var origin = await File.ReadAllTextAsync(Origin(home), ct);
        if ((await ChildProcess.Shell(null, "[ \"$1\" -ef \"$2\" ]", ct, origin, folder)).Succeeded)
            return Path.Combine(home, "postgres");

        var originStillUsesIt =
            File.Exists(Location(origin)) && (await File.ReadAllTextAsync(Location(origin), ct)).Trim() == id;
        if (originStillUsesIt)
        {
            logger.LogWarning(
                "{Folder} was copied from {Origin}, which keeps its database; the copy begins with an empty one",
                folder,
                origin
            );
            File.Delete(location);
            return null;
        }

        await File.WriteAllTextAsync(Origin(home), folder, ct); // the folder was moved, and its cluster goes with it
        return Path.Combine(home, "postgres");
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task<string> CreateOutside(string folder, string? user, CancellationToken ct)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var home = Path.Combine(Outside, id);
        foreach (var created in new[] { Outside, home })
        {
            Directory.CreateDirectory(created);
            File.SetUnixFileMode(created, Passable); // whatever the umask is
        }

        await File.WriteAllTextAsync(Origin(home), folder, ct);
        await File.WriteAllTextAsync(Location(folder), id, ct);

        var place = Path.Combine(home, "postgres");
        await CreateFolder(place, user, ct);
        return place;
    }

    private static async Task CreateFolder(string place, string? user, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(place);
            return;
        }

        Directory.CreateDirectory(place, OwnerOnly);
        if (user is not null)
            await ChildProcess.GiveTo(user, place, ct);
    }

    private static async Task<bool> CanEnter(string place, string? user, CancellationToken ct) =>
        user is null || (await ChildProcess.Shell(user, "cd -- \"$1\"", ct, place)).Succeeded;

    private static string Location(string folder) => Path.Combine(folder, "postgres.location");

    private static string Origin(string home) => Path.Combine(home, "origin");
}
