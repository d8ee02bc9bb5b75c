using System.Globalization;
using System.Text.RegularExpressions;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary>
/// <c>backup</c>: everything that the database holds, in one file. In a folder the file is named after the time, and
/// the oldest of such files go.
/// </summary>
internal static partial class BackupCommand
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="path">A file that is not there yet, or a folder that is.</param>
    /// <param name="kept">How many backups stay in the folder.</param>
    public static async Task<int> RunAsync(string path, int kept, PracticeDatabase database, TextWriter console)
    {
        var folder = Directory.Exists(path) ? Path.GetFullPath(path) : null;
        var full = folder is null ? Path.GetFullPath(path) : Path.Combine(folder, NameAt(DateTimeOffset.UtcNow));
        if (File.Exists(full))
            throw new StartupException($"{full} exists: name another file.");
        var setup = PracticeHost.Setup(database);
        if ((await setup.AppliedAsync(CancellationToken.None)).Except(setup.Known).Any())
            throw new StartupException("The database is of a newer release: make the backup with that one.");
        var partial = $"{full}.{Guid.NewGuid():n}.partial";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            BackupManifest manifest;
            await using (var file = new FileStream(partial, options))
            {
                manifest = await new DatabaseBackup(setup).WriteAsync(
                    file,
                    DateTimeOffset.UtcNow,
                    CancellationToken.None
                );
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, full);
            await console.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{manifest.Tables.Sum(table => table.Rows)} rows of {manifest.Tables.Count} tables are in {full}. "
                        + $"It is not encrypted: keep it where only you can read it, and apart from the database's "
                        + $"password."
                )
            );
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{full} could not be written: {refused.Message}");
        }
        finally
        {
            if (File.Exists(partial))
                File.Delete(partial);
        }

        if (folder is not null)
            Delete(HalfDone(folder).Concat(Oldest(folder, kept)));
        return 0;
    }

    private static string NameAt(DateTimeOffset time) =>
        time.ToString("'practice-'yyyyMMdd'T'HHmmss'Z.backup'", CultureInfo.InvariantCulture);

    /// <summary>What a backup left that was killed. One that is being made is younger.</summary>
    private static IEnumerable<string> HalfDone(string folder)
    {
        var yesterday = DateTime.UtcNow.AddDays(-1);
        return Directory
            .EnumerateFiles(folder)
            .Where(file => NameOfPartial().IsMatch(Path.GetFileName(file)))
            .Where(file => File.GetLastWriteTimeUtc(file) < yesterday);
    }

    /// <summary>By the time in their names: a copy of a file may be younger than the backup.</summary>
    private static IEnumerable<string> Oldest(string folder, int kept) =>
        Directory
            .EnumerateFiles(folder)
            .Where(file => NameOfBackup().IsMatch(Path.GetFileName(file)))
            .OrderDescending(StringComparer.Ordinal)
            .Skip(kept);

    /// <exception cref="StartupException">One is not to be deleted. Others were.</exception>
    private static void Delete(IEnumerable<string> files)
    {
        StartupException? failed = null;
        foreach (var file in files.ToList())
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                failed = new($"The backup is made, and {file} could not be deleted: {refused.Message}");
            }
        }

        if (failed is not null)
            throw failed;
    }

    [GeneratedRegex(@"^practice-\d{8}T\d{6}Z\.backup\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameOfBackup();

    [GeneratedRegex(@"^practice-\d{8}T\d{6}Z\.backup\.[0-9a-f]{32}\.partial\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameOfPartial();
}
