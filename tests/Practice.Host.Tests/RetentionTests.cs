using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary>
/// <c>docs/security-inventory.md</c> says of each table how long its rows stay: who adds one decides whether they ever
/// end (docs/adr/0053).
/// </summary>
public sealed partial class RetentionTests
{
    private static readonly string Docs = Path.Combine(Checkout.Folder, "docs");

    [Fact]
    public async Task Each_table_is_said_once_to_be_kept_for_how_long()
    {
        var database = new Sql(await TestServer.NewDatabaseAsync());
        var tables = await database.Rows(await File.ReadAllTextAsync(Path.Combine(Docs, "scaling.sql")));
        var document = await File.ReadAllTextAsync(Path.Combine(Docs, "security-inventory.md"));
        Assert.Equal(
            tables.Select(table => (string)table[0]!).Order(StringComparer.Ordinal),
            TablesIn(document).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>A name without a schema is of the one before it.</summary>
    private static IEnumerable<string> TablesIn(string document)
    {
        var rows = document
            .Split('\n')
            .SkipWhile(line => !line.StartsWith("| kept | tables |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));
        foreach (var row in rows)
        {
            var schema = "";
            foreach (Match table in Name().Matches(row.Split('|')[2]))
            {
                schema = table.Groups["schema"] is { Success: true, Value: var named } ? named : schema;
                yield return $"{schema}.{table.Groups["name"]}";
            }
        }
    }

    [GeneratedRegex("`((?<schema>[a-z_]+)\\.)?(?<name>[a-z_]+)`")]
    private static partial Regex Name();
}
