using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Practice.Shared.Audit;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>
/// The database of each later release, as <c>tests/outside/release-dump.sh</c> has kept it, upgrades with its rows: the
/// demo practice, made by a host of that release that was killed. (<see cref="UpgradeTests"/> for release 0.1.)
/// </summary>
public sealed class ReleaseUpgradeTests
{
    private const string First = "0.1.0";

    public static TheoryData<string> Releases() => [.. DemoDump.Releases()];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task The_demo_practice_of_a_release_goes_on(string release)
    {
        var connectionString = await TestServer.NewEmptyDatabaseAsync();
        var sql = new Sql(connectionString);
        var made = await DemoDump.ReadAsync(release);
        await sql.Execute(made.Sql);
        var before = await RowsAsync(sql);

        await using (
            var database = new PracticeDatabase(
                connectionString,
                PracticeDatabase.EarlierRolePrefix,
                made.OwnersPassword
            )
        )
            await PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);
        var after = await RowsAsync(sql);
        Assert.Contains("audit.entries", before.Keys);
        Assert.All(before, table => AssertKept(table.Key, table.Value, after[table.Key]));

        await using var app = await TestApp.StartAsync(
            new()
            {
                ConnectionString = connectionString,
                Settings = new Dictionary<string, string?> { ["Audit:SealKey"] = made.SealKey },
            }
        );
        var owner = await app.SignIn(DemoDump.Owner, made.Password);
        var group = $"/api/groups/{(await owner.Get("/api/groups")).Should(200).Items[0].GetProperty("id").GetGuid()}";
        foreach (var list in (string[])["members", "locations", "patients", "invoices", "audit"])
            Assert.NotEmpty((await owner.Get($"{group}/{list}")).Should(200).Items);
        (await owner.Post($"{group}/locations", new { name = "Since then", timeZone = "Europe/Vienna" })).Should(201);

        await app.SettlesAsync();
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));
        var chain = await app.Services.GetRequiredService<AuditHashChain>().VerifyAsync(null, CancellationToken.None);
        Assert.Empty(chain.Faults);
    }

    [Fact]
    public void Each_release_after_the_first_has_its_database_kept()
    {
        string[] versions =
        [
            .. File.ReadLines(Path.Combine(Checkout.Folder, "CHANGELOG.md"))
                .Where(line => line.StartsWith("## [", StringComparison.Ordinal))
                .Select(line => line.Split('[', ']')[1]),
        ];
        Assert.Contains(First, versions);
        var kept = DemoDump.Releases();
        Assert.All(versions.Except(["Unreleased", First]), version => Assert.Contains($"{version}.sql.gz", kept));
    }

    /// <summary>Each row is there, and its columns that still exist hold what they held.</summary>
    private static void AssertKept(string table, JsonElement[] before, JsonElement[] after)
    {
        Assert.True(before.Length <= after.Length, table);
        var now = after.Select(row => Text(row, before[0])).ToHashSet();
        Assert.All(before, row => Assert.Contains(Text(row, after[0]), now));

        static string Text(JsonElement row, JsonElement other) =>
            string.Join(
                '\n',
                row.EnumerateObject()
                    .Where(column => other.TryGetProperty(column.Name, out _))
                    .Select(column => $"{column.Name}: {column.Value.GetRawText()}")
                    .Order(StringComparer.Ordinal)
            );
    }

    /// <summary>The rows of each table that has some, except of Wolverine's and of migrations.</summary>
    private static async Task<Dictionary<string, JsonElement[]>> RowsAsync(Sql sql)
    {
        var rows = new Dictionary<string, JsonElement[]>();
        var tables = await sql.Rows(
            """
            select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'messaging')
                and c.relname <> '__EFMigrationsHistory'
            """
        );
        foreach (var table in tables.Select(row => (string)row[0]!))
        {
            var found = await sql.Rows($"select to_jsonb(t)::text from {table} t");
            if (found.Count > 0)
                rows.Add(table, [.. found.Select(row => JsonElement.Parse((string)row[0]!))]);
        }

        return rows;
    }
}
