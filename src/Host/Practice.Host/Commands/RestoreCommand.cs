using System.Globalization;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Host.Commands;

/// <summary><c>restore</c>: fills an empty database from the file that <c>backup</c> has written.</summary>
internal static class RestoreCommand
{
    public static async Task<int> RunAsync(string path, PracticeDatabase database, TextWriter console)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new StartupException($"{full} does not exist.");
        var setup = PracticeHost.Setup(database);
        await using var file = Open(full);
        if (await DatabaseBackup.ReadManifestAsync(file, CancellationToken.None) is not { } manifest)
            throw new StartupException($"{full} is not a backup of this product.");
        if (
            manifest.Format != BackupManifest.CurrentFormat
            || !manifest
                .Migrations.Order(StringComparer.Ordinal)
                .SequenceEqual(setup.Known.Order(StringComparer.Ordinal))
        )
            throw new StartupException(
                $"{full} was written by another release: restore it with that release, then run `migrate` of this one."
            );
        if (await HasTablesAsync(database))
            throw new StartupException("The database is not empty: name one that is.");

        await setup.RunAsync(CancellationToken.None);
        try
        {
            await new DatabaseBackup(setup).RestoreAsync(file, manifest, CancellationToken.None);
        }
        catch (Exception damaged) when (damaged is InvalidDataException || IsRejectedRow(damaged))
        {
            throw new StartupException($"{full} is damaged, and nothing was restored: {damaged.Message}");
        }

        await setup.RunAsync(CancellationToken.None); // has the keys encrypted for this owner's password
        await console.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{manifest.Tables.Sum(table => table.Rows)} rows of {manifest.Tables.Count} tables are restored, "
                    + $"as of {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss}Z."
            )
        );
        if (await EncryptionKeys.FindUnopenedAsync(database, CancellationToken.None) is { } unopened)
            await console.WriteLineAsync(unopened);
        return 0;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} could not be read: {refused.Message}");
        }
    }

    /// <summary>A value that is none (22), or a row that breaks a constraint (23).</summary>
    private static bool IsRejectedRow(Exception exception) =>
        exception is PostgresException { SqlState: var state } && (state[..2] is "22" or "23");

    private static async Task<bool> HasTablesAsync(PracticeDatabase database)
    {
        await using var owner = new NpgsqlConnection(database.OwnerConnectionString);
        await owner.OpenAsync();
        await using var find = new NpgsqlCommand(
            """
            select exists (select from pg_class where relkind in ('r', 'p')
                and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
                and relnamespace::regnamespace::text not like 'pg\_%')
            """,
            owner
        );
        return await find.ExecuteScalarAsync() is true;
    }
}
