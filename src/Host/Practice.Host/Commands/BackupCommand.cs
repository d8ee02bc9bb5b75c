using System.Globalization;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary><c>backup</c>: everything that the database holds, in one file.</summary>
internal static class BackupCommand
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task<int> RunAsync(string path, PracticeDatabase database, TextWriter console)
    {
        var full = Path.GetFullPath(path);
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
            return 0;
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
    }
}
