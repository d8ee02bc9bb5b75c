using System.Text.RegularExpressions;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>
/// Hosts of the newest release run beside this build during a rollout, and again after a way back. The schema of this
/// build has all that they read, write and call, and demands nothing that they do not write: or the changelog says to
/// stop them. The database's catalogue says so, whichever way a migration was written.
/// </summary>
public sealed partial class SchemaCompatibilityTests
{
    /// <summary>
    /// What hosts of the newest release cannot bear, since it was kept. Each takes a changelog that says "stop". Empty
    /// this once a version is tagged and its database kept.
    /// </summary>
    private static readonly string[] KnownBreaks =
    [
        // A pause is of a person or of an address, since 20261201110000: hosts of before read a person in each row.
        "portal.access_pauses lost CREATE UNIQUE INDEX ON portal.access_pauses "
            + "USING btree (account_id, user_id, group_id)",
        "portal.access_pauses.user_id was uuid not null and is uuid",
    ];

    [Fact]
    public async Task Hosts_of_the_newest_release_can_go_on_or_the_changelog_says_to_stop_them()
    {
        var newest = DemoDump.Releases().MaxBy(AgeOf)!;
        var dump = await DemoDump.ReadAsync(newest);
        var connectionString = await TestServer.NewEmptyDatabaseAsync();
        var sql = new Sql(connectionString);
        await sql.Execute(dump.Sql);
        var before = await ReadAsync(sql);
        Assert.True(before.Count > 500, $"Only {before.Count} columns, indexes and functions were found.");

        await using (
            var database = new PracticeDatabase(
                connectionString,
                PracticeDatabase.EarlierRolePrefix,
                dump.OwnersPassword
            )
        )
            await PracticeHost.SetUpDatabaseAsync(database, CancellationToken.None);

        var breaks = Breaks(before, await ReadAsync(sql));
        Assert.Equal(KnownBreaks, breaks);
        Assert.True(breaks.Count == 0 || ChangelogSaysStop(), "Hosts must stop, and the changelog does not say so.");

        static (Version, bool) AgeOf(string release)
        {
            var name = Release().Match(release);
            return (Version.Parse(name.Groups["version"].Value), !name.Groups["candidate"].Success);
        }
    }

    [Theory]
    [InlineData("alter table portal.patients add shoe_size integer not null", "portal.patients demands shoe_size")]
    [InlineData("alter table locations.locations drop phone", "locations.locations.phone is gone")]
    [InlineData("alter table locations.locations rename phone to fon", "locations.locations.phone is gone")]
    [InlineData(
        "alter table locations.locations alter phone type varchar(9)",
        "locations.locations.phone was text and is character varying(9)"
    )]
    [InlineData(
        "alter table portal.requests alter kind drop not null",
        "portal.requests.kind was text not null and is text"
    )]
    [InlineData("alter table users.used_codes rename to codes", "users.used_codes is gone")]
    [InlineData(
        "drop index users.ix_provider_links_issuer_subject",
        "users.provider_links lost CREATE UNIQUE INDEX ON users.provider_links USING btree (issuer, subject)"
    )]
    [InlineData(
        "create unique index on locations.locations (phone)",
        "locations.locations demands CREATE UNIQUE INDEX ON locations.locations USING btree (phone)"
    )]
    [InlineData(
        "alter table locations.locations add check (length(phone) < 9)",
        "locations.locations demands CHECK ((length(phone) < 9))"
    )]
    [InlineData("drop function authority.end_session(uuid)", "authority.end_session(uuid) is gone")]
    public async Task What_those_hosts_cannot_bear_is_found(string sql, string expected)
    {
        var database = new Sql(await TestServer.NewDatabaseAsync());
        var before = await ReadAsync(database);
        await database.Execute(sql);
        Assert.Equal([expected], Breaks(before, await ReadAsync(database)));
    }

    [Fact]
    public async Task What_is_only_more_is_no_break()
    {
        var database = new Sql(await TestServer.NewDatabaseAsync());
        var before = await ReadAsync(database);
        await database.Execute(
            """
            create table portal.shoes (id uuid primary key, size integer not null unique check (size > 0));
            alter table portal.patients add shoe_size integer, add check (shoe_size > 0),
                add shoe_id uuid not null unique default gen_random_uuid();
            create index on portal.patients (phone);
            create function authority.shoes() returns integer language sql as 'select 1';
            """
        );
        Assert.Empty(Breaks(before, await ReadAsync(database)));
    }

    /// <summary>One thing of a database.</summary>
    /// <param name="Of">The table, or the function with its parameters.</param>
    /// <param name="Columns">Of which columns of the table it is.</param>
    /// <param name="Demands">Whether who writes must know it.</param>
    private sealed record Part(string Kind, string Of, string[] Columns, string Definition, bool Demands);

    private static List<string> Breaks(List<Part> before, List<Part> after)
    {
        var had = before.Select(Key).ToHashSet();
        var has = after.ToDictionary(Key);
        var tables = after.Where(part => part.Kind == "column").Select(part => part.Of).ToHashSet();
        var found = new List<string>();
        foreach (var part in before)
            if (part.Kind != "function" && !tables.Contains(part.Of))
                found.Add($"{part.Of} is gone");
            else if (part.Kind is "column" or "function")
                found.AddRange(
                    !has.TryGetValue(Key(part), out var now) ? [$"{Name(part)} is gone"]
                    : now.Definition != part.Definition
                        ? [$"{Name(part)} was {part.Definition} and is {now.Definition}"]
                    : []
                );
            else if (part.Kind == "index" && !has.ContainsKey(Key(part)))
                found.Add($"{part.Of} lost {part.Definition}");
        foreach (var part in after.Where(part => part.Demands && !had.Contains(Key(part)) && IsOld(part.Of)))
            if (part.Kind == "column")
                found.Add($"{part.Of} demands {part.Columns[0]}");
            else if (part.Columns.All(column => had.Contains(("column", part.Of, column))))
                found.Add($"{part.Of} demands {part.Definition}");
        return [.. found.Distinct().Order(StringComparer.Ordinal)];

        bool IsOld(string table) => before.Exists(part => part.Kind == "column" && part.Of == table);
        static (string, string, string) Key(Part part) =>
            (
                part.Kind,
                part.Of,
                part.Kind switch
                {
                    "column" => part.Columns[0],
                    "function" => "",
                    _ => part.Definition,
                }
            );
        static string Name(Part part) => part.Kind == "column" ? $"{part.Of}.{part.Columns[0]}" : part.Of;
    }

    private static async Task<List<Part>> ReadAsync(Sql database) =>
        (await database.Rows(Catalogue)).ConvertAll(row => new Part(
            (string)row[0]!,
            (string)row[1]!,
            (string[])row[2]!,
            (string)row[3]!,
            (bool)row[4]!
        ));

    /// <summary>Indexes and constraints by what they say: their names are nothing to a host.</summary>
    private const string Catalogue = """
        with tables as (
            select t.oid, format('%s.%s', n.nspname, t.relname) as name
            from pg_class t join pg_namespace n on n.oid = t.relnamespace
            where t.relkind in ('r', 'p', 'v') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema'
                and t.relname <> '__EFMigrationsHistory')
        select 'column', t.name, array[a.attname::text],
            format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end,
            a.attnotnull and not a.atthasdef and a.attidentity = ''
        from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
        union
        select 'index', t.name, coalesce(
                (select array_agg(a.attname::text) from pg_attribute a
                 where a.attrelid = t.oid and a.attnum = any (i.indkey)), array[]::text[]),
            regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \S+ ON', 'INDEX ON'), true
        from tables t join pg_index i on i.indrelid = t.oid and i.indisunique and i.indisvalid
        union
        select 'constraint', t.name, coalesce(
                (select array_agg(a.attname::text) from pg_attribute a
                 where a.attrelid = t.oid and a.attnum = any (c.conkey)), array[]::text[]),
            pg_get_constraintdef(c.oid), true
        from tables t join pg_constraint c on c.conrelid = t.oid and c.contype in ('c', 'f', 'x')
        union
        select 'function', format('%s.%s(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)), array[]::text[],
            pg_get_function_result(p.oid), false
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname not like 'pg\_%' and n.nspname <> 'information_schema' and p.prokind = 'f'
            and p.prorettype <> 'trigger'::regtype
        """;

    private static bool ChangelogSaysStop() =>
        HostsStop().IsMatch(File.ReadAllText(Path.Combine(Checkout.Folder, "CHANGELOG.md")));

    [GeneratedRegex(@"^(?<version>[\d.]+)(?<candidate>-candidate)?\.sql\.gz$")]
    private static partial Regex Release();

    /// <summary>Of what is not released yet.</summary>
    [GeneratedRegex(@"\n## \[Unreleased\]((?!\n## ).)*\n- \*\*Hosts\*\*: stop", RegexOptions.Singleline)]
    private static partial Regex HostsStop();
}
