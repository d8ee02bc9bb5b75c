using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Practice.Shared.Persistence;

/// <summary>
/// Writes all rows to a file, and fills an empty database from it. Structure, roles, policies and rights are not in the
/// file: the setup makes them (docs/adr/0044).
/// </summary>
public sealed class DatabaseBackup(DatabaseSetup setup)
{
    /// <summary>
    /// Tables of which a new database has its own: what migrations have done, which queues this build reads, and which
    /// hosts are running.
    /// </summary>
    public static IReadOnlyList<string> LeftOut { get; } =
    [
        .. new[]
        {
            "queues",
            "wolverine_nodes",
            "wolverine_node_assignments",
            "wolverine_node_records",
            "wolverine_control_queue",
            "wolverine_agent_restrictions",
        }.Select(table => $"{PracticeDatabase.MessagingSchema}.{table}"),
    ];

    /// <summary>Writes one moment of the database, while hosts go on.</summary>
    public async Task<BackupManifest> WriteAsync(Stream file, DateTimeOffset now, CancellationToken ct)
    {
        BackupManifest? manifest = null;
        await setup.WithAllRowsAsync(
            async connection =>
            {
                await using var moment = await connection.BeginTransactionAsync(
                    System.Data.IsolationLevel.RepeatableRead,
                    ct
                );
                // A row that a policy would hide is an error, and not missing in silence.
                await connection.ExecuteAsync("set transaction read only; set local row_security = off", ct);
                using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
                var tables = new List<BackupTable>();
                foreach (var (name, columns) in await TablesAsync(connection, ct))
                    tables.Add(await WriteTableAsync(connection, archive, name, columns, ct));
                manifest = new BackupManifest(
                    BackupManifest.CurrentFormat,
                    now,
                    await setup.AppliedAsync(ct),
                    tables,
                    await SequencesAsync(connection, ct)
                );
                var entry = archive.CreateEntry(BackupManifest.EntryName);
                await using var stream = await entry.OpenAsync(ct);
                await JsonSerializer.SerializeAsync(stream, manifest, cancellationToken: ct);
            },
            ct
        );
        return manifest!;
    }

    /// <summary>What a file holds; null if it is no backup.</summary>
    public static async Task<BackupManifest?> ReadManifestAsync(Stream file, CancellationToken ct)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.GetEntry(BackupManifest.EntryName) is not { } entry)
                return null;
            await using var stream = await entry.OpenAsync(ct);
            return await JsonSerializer.DeserializeAsync<BackupManifest>(stream, cancellationToken: ct);
        }
        catch (Exception other) when (other is InvalidDataException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Fills the database, which the setup has just made. All rows are there when this returns, or none.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is not as it was written.</exception>
    public Task RestoreAsync(Stream file, BackupManifest manifest, CancellationToken ct) =>
        setup.WithAllRowsAsync(
            async connection =>
            {
                using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
                await DatabaseSetup.ForgetBuildAsync(connection, ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                var tables = await TablesAsync(connection, ct);
                foreach (var (name, _) in tables) // what triggers would do is in the file already
                    await connection.ExecuteAsync($"alter table {name} disable trigger user; delete from {name}", ct);
                var saved = manifest.Tables.ToDictionary(table => table.Name);
                var sequences = await SequencesAsync(connection, ct);
                if (
                    manifest.Tables.Any(table => !tables.Any(known => IsIn(table, known)))
                    || manifest.Sequences.Any(sequence => sequences.All(known => known.Name != sequence.Name))
                )
                    throw new InvalidDataException("it names a table, a column or a sequence that there is not.");
                foreach (var (name, _) in tables) // a table comes after those that it refers to
                    if (saved.GetValueOrDefault(name) is { } table)
                        await RestoreTableAsync(connection, archive, table, ct);
                foreach (var (name, last) in manifest.Sequences)
                    await connection.ExecuteAsync(
                        last is null ? $"select setval('{name}', 1, false)" : $"select setval('{name}', {last})",
                        ct
                    );
                foreach (var (name, _) in tables)
                    await connection.ExecuteAsync($"alter table {name} enable trigger user", ct);
                await transaction.CommitAsync(ct);
            },
            ct
        );

    private static bool IsIn(BackupTable table, (string Name, string[] Columns) known) =>
        table.Name == known.Name && table.Columns.All(column => known.Columns.Contains(column));

    private static async Task<BackupTable> WriteTableAsync(
        NpgsqlConnection connection,
        ZipArchive archive,
        string name,
        string[] columns,
        CancellationToken ct
    )
    {
        var entry = archive.CreateEntry($"tables/{name}", CompressionLevel.Fastest);
        await using var stream = await entry.OpenAsync(ct);
        using var rows = await connection.BeginTextExportAsync(
            $"copy {name} ({string.Join(", ", columns)}) to stdout",
            ct
        );
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0L;
        while (await rows.ReadLineAsync(ct) is { } row) // COPY writes a line a row: breaks in values are escaped
        {
            var bytes = Encoding.UTF8.GetBytes(row + "\n");
            hash.AppendData(bytes);
            await stream.WriteAsync(bytes, ct);
            count++;
        }

        return new BackupTable(name, columns, count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task RestoreTableAsync(
        NpgsqlConnection connection,
        ZipArchive archive,
        BackupTable table,
        CancellationToken ct
    )
    {
        var entry = archive.GetEntry(table.EntryName) ?? throw new InvalidDataException($"{table.Name} is missing.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0L;
        await using (
            var writer = await connection.BeginTextImportAsync(
                $"copy {table.Name} ({string.Join(", ", table.Columns)}) from stdin",
                ct
            )
        )
        {
            using var reader = new StreamReader(await entry.OpenAsync(ct), new UTF8Encoding(false));
            while (await reader.ReadLineAsync(ct) is { } row)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(row + "\n"));
                await writer.WriteAsync(row.AsMemory(), ct);
                await writer.WriteAsync("\n".AsMemory(), ct);
                count++;
            }
        }

        if (count != table.Rows || Convert.ToHexStringLower(hash.GetHashAndReset()) != table.Sha256)
            throw new InvalidDataException($"{table.Name} is not as it was written.");
    }

    /// <summary>The tables with their stored columns; each after those that it refers to.</summary>
    private async Task<List<(string Name, string[] Columns)>> TablesAsync(
        NpgsqlConnection connection,
        CancellationToken ct
    )
    {
        await using var list = new NpgsqlCommand(
            """
            select c.oid, format('%I.%I', n.nspname, c.relname),
                (select array_agg(quote_ident(a.attname) order by a.attnum) from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''),
                (select coalesce(array_agg(k.confrelid), array[]::oid[]) from pg_constraint k
                 where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any ($1) and c.relkind = 'r' and c.relname <> '__EFMigrationsHistory'
                and format('%s.%s', n.nspname, c.relname) <> all ($2)
            order by 2
            """,
            connection
        );
        list.Parameters.AddWithValue(setup.Schemas.ToArray());
        list.Parameters.AddWithValue(LeftOut.ToArray());
        var all = new Dictionary<uint, (string Name, string[] Columns, uint[] After)>();
        await using (var reader = await list.ExecuteReaderAsync(ct))
            while (await reader.ReadAsync(ct))
                all.Add(
                    reader.GetFieldValue<uint>(0),
                    (reader.GetString(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<uint[]>(3))
                );

        var ordered = new List<(string, string[])>();
        var done = new HashSet<uint>();
        foreach (var table in all.Keys)
            Add(table);
        return ordered;

        void Add(uint table)
        {
            if (!all.TryGetValue(table, out var found) || !done.Add(table))
                return;
            foreach (var earlier in found.After)
                Add(earlier);
            ordered.Add((found.Name, found.Columns));
        }
    }

    private async Task<List<BackupSequence>> SequencesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var list = new NpgsqlCommand(
            """
            select format('%I.%I', schemaname, sequencename), last_value from pg_sequences
            where schemaname = any ($1)
            """,
            connection
        );
        list.Parameters.AddWithValue(setup.Schemas.ToArray());
        var sequences = new List<BackupSequence>();
        await using var reader = await list.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            sequences.Add(new(reader.GetString(0), await reader.IsDBNullAsync(1, ct) ? null : reader.GetInt64(1)));
        return sequences;
    }
}
