using System.IO.Compression;
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
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static TheoryData<string> Releases() =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Upgrade", "releases"))
                .Select(file => Path.GetFileName(file)),
        ];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task The_demo_practice_of_a_release_goes_on(string release)
    {
        var connectionString = await TestServer.NewEmptyDatabaseAsync();
        var sql = new Sql(connectionString);
        var dump = await ReadAsync(release);
        await sql.Execute(dump);
        var made = JsonSerializer.Deserialize<Made>(
            dump.AsSpan(3, dump.IndexOf('\n', StringComparison.Ordinal) - 3),
            Json
        )!;
        var before = await RowsAsync(sql);

        await using (
            var database = new PracticeDatabase(
                connectionString,
                PracticeDatabase.EarlierRolePrefix,
                made.OwnersPassword
            )
        )
            await PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);
        Assert.All(await RowsAsync(sql), table =>
            Assert.True(table.Value >= before.GetValueOrDefault(table.Key), table.Key)
        );

        await using var app = await TestApp.StartAsync(
            new()
            {
                ConnectionString = connectionString,
                Settings = new Dictionary<string, string?> { ["Audit:SealKey"] = made.SealKey },
            }
        );
        var owner = await app.SignIn("olivia@riverside.example", made.Password);
        var group = $"/api/groups/{(await owner.Get("/api/groups")).Should(200).Items[0].GetProperty("id").GetGuid()}";
        foreach (var list in (string[])["members", "locations", "patients", "invoices", "audit"])
            Assert.NotEmpty((await owner.Get($"{group}/{list}")).Should(200).Items);
        (await owner.Post($"{group}/locations", new { name = "Since then", timeZone = "Europe/Vienna" })).Should(201);

        await app.SettlesAsync();
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));
        var chain = await app.Services.GetRequiredService<AuditHashChain>().VerifyAsync(null, CancellationToken.None);
        Assert.Empty(chain.Faults);
    }

    private static async Task<string> ReadAsync(string release)
    {
        await using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Upgrade", "releases", release));
        await using var text = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(text);
        return await reader.ReadToEndAsync();
    }

    /// <summary>How many rows each table of a module has.</summary>
    private static async Task<Dictionary<string, long>> RowsAsync(Sql sql) =>
        (
            await sql.Rows(
                """
                select relid::regclass::text, (xpath('/row/n/text()',
                    query_to_xml('select count(*) as n from ' || relid::regclass, false, true, '')))[1]::text::bigint
                from pg_stat_user_tables
                where schemaname in ('users', 'groups', 'locations', 'portal', 'webhooks') and relname <> '__EFMigrationsHistory'
                """
            )
        ).ToDictionary(row => (string)row[0]!, row => (long)row[1]!);

    /// <summary>The first line of a dump: with what it was made.</summary>
    private sealed record Made(string Password, string OwnersPassword, string SealKey);
}
