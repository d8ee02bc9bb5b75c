using System.IO.Compression;
using System.Text.Json;

namespace Practice.Host.Tests;

/// <summary>A release's database with the demo practice, as <c>tests/outside/release-dump.sh</c> has kept it.</summary>
internal sealed record DemoDump(string Sql, string Password, string OwnersPassword, string SealKey)
{
    /// <summary>The email of who owns the practice.</summary>
    public const string Owner = "olivia@riverside.example";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Upgrade", "releases");

    /// <summary>The names of the files.</summary>
    public static string[] Releases() =>
        [.. Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static async Task<DemoDump> ReadAsync(string release)
    {
        await using var file = File.OpenRead(Path.Combine(Folder, release));
        await using var text = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(text);
        var sql = await reader.ReadToEndAsync();
        // The first line says with what it was made.
        var made = JsonSerializer.Deserialize<DemoDump>(
            sql.AsSpan(3, sql.IndexOf('\n', StringComparison.Ordinal) - 3),
            Json
        )!;
        return made with { Sql = sql };
    }
}
