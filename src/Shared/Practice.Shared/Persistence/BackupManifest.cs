namespace Practice.Shared.Persistence;

/// <summary>What a backup holds. It is an entry of the file, beside one for each table.</summary>
/// <param name="Format">Of the file; another number is another release's.</param>
/// <param name="Migrations">Those that had made the database, with their schemas.</param>
public sealed record BackupManifest(
    int Format,
    DateTimeOffset CreatedAt,
    IReadOnlyList<string> Migrations,
    IReadOnlyList<BackupTable> Tables,
    IReadOnlyList<BackupSequence> Sequences
)
{
    public const int CurrentFormat = 1;
    public const string EntryName = "manifest.json";
}

/// <param name="Name">With its schema, quoted where needed.</param>
/// <param name="Columns">Those that are stored; generated ones are generated again.</param>
/// <param name="Sha256">Of the rows as <c>COPY</c> writes them.</param>
public sealed record BackupTable(string Name, IReadOnlyList<string> Columns, long Rows, string Sha256)
{
    public string EntryName => $"tables/{Name}";
}

/// <param name="Last">Null where it has not been used.</param>
public sealed record BackupSequence(string Name, long? Last);
