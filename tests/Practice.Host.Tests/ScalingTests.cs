using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary>What <c>docs/scaling.md</c> says of the tables is what the database has.</summary>
public sealed partial class ScalingTests
{
    private static readonly string Docs = Path.Combine(Checkout.Folder, "docs");

    /// <summary>A new table must be placed there: who adds it decides how it could be distributed.</summary>
    [Fact]
    public async Task Each_table_has_its_place_in_the_document_once_and_what_it_says_of_its_key_is_so()
    {
        var database = new Sql(await TestServer.NewDatabaseAsync());
        var tables = await database.Rows(await File.ReadAllTextAsync(Path.Combine(Docs, "scaling.sql")));

        var document = await File.ReadAllTextAsync(Path.Combine(Docs, "scaling.md"));
        Assert.Equal(
            tables.Select(table => $"{table[0]}: group_id {Word(table[1])}, in the key {Word(table[2])}").Order(),
            PlacesIn(document).Order()
        );

        static string Word(object? said) => said is true ? "yes" : "no";
    }

    /// <summary>A distributed table has the column in every unique index, and its triggers stay in a shard.</summary>
    [Fact]
    public async Task Each_other_unique_index_without_the_group_and_each_trigger_is_in_the_document()
    {
        var database = new Sql(await TestServer.NewDatabaseAsync());
        var tables = await database.Rows(await File.ReadAllTextAsync(Path.Combine(Docs, "scaling.sql")));
        var found = tables
            .Select(table => string.Join(" | ", [table[0], .. table[3..6]]))
            .Where(table => !table.EndsWith(" |  |  | ", StringComparison.Ordinal));

        var document = await File.ReadAllTextAsync(Path.Combine(Docs, "scaling.md"));
        var said = RowsAfter(document, "| table | unique without `group_id` |")
            .Select(row => row.Replace("`", "", StringComparison.Ordinal).Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => string.Join(" | ", cells[1..5]));
        Assert.Equal(found.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
    }

    /// <summary>A name without a schema is of the one before it: <c>`groups.groups`, `invitations`</c>.</summary>
    private static IEnumerable<string> PlacesIn(string document)
    {
        foreach (var row in RowsAfter(document, "| tables | have `group_id` |"))
        {
            var cells = row.Split('|', StringSplitOptions.TrimEntries);
            var schema = "";
            foreach (Match table in TableName().Matches(cells[1]))
            {
                schema = table.Groups["schema"] is { Success: true, Value: var named } ? named : schema;
                var (has, key) = (FirstWord(cells[2]), FirstWord(cells[3]));
                yield return $"{schema}.{table.Groups["name"]}: group_id {has}, in the key {key}";
            }
        }

        static string FirstWord(string cell) => Word().Match(cell).Value;
    }

    private static IEnumerable<string> RowsAfter(string document, string heading) =>
        document
            .Split('\n')
            .SkipWhile(line => !line.StartsWith(heading, StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));

    [GeneratedRegex("`((?<schema>[a-z_]+)\\.)?(?<name>[a-z_]+)`")]
    private static partial Regex TableName();

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Word();
}
