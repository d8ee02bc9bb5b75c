using Npgsql;

namespace Practice.Architecture.Tests;

/// <summary>
/// 8. A module's database role is refused by every other module's schema and by the tables of <c>authority</c>; the audit takes no
/// changes; every table with a group is under row-level security. All asked of the database itself.
/// </summary>
public sealed class Rule08_Roles
{
    [Fact]
    public async Task A_modules_role_is_refused_everything_that_is_not_the_modules()
    {
        var app = await TestApp.StartedAsync();
        foreach (var schema in Rule07_Database.Schemas(Codebase.Real))
        {
            var (tried, allowed) = await TryEverythingElse(schema, app.Owner, app.ConnectionStringOf(schema));
            Assert.True(tried > 100, $"Only {tried} acts were tried as the role of {schema}.");
            Rule.None(allowed);
        }
    }

    [Fact]
    public async Task A_role_that_may_reach_further_is_caught()
    {
        var database = await BadDatabase.Started;
        var allowed = new List<string>();
        foreach (var schema in Rule07_Database.Schemas(Codebase.Real))
            allowed.AddRange((await TryEverythingElse(schema, database.Owner, database.ConnectionStringOf(schema))).Allowed);

        Assert.Equal(
            [
                "locations: create table groups.made_by_another (id int)",
                "locations: delete from groups.memberships where false",
                "locations: select 1 from groups.memberships limit 1",
                "portal: insert into authority.sessions default values: new row violates row-level security policy for table \"sessions\"",
                "users: update audit.entries set id = id where false",
            ],
            allowed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_modules_role_has_no_power_over_others()
    {
        var app = await TestApp.StartedAsync();
        foreach (var schema in Rule07_Database.Schemas(Codebase.Real))
            Rule.None(await PowersOf(app.Owner, $"practice_{schema}"));
    }

    [Fact]
    public async Task A_role_with_power_over_others_is_caught()
    {
        var app = await TestApp.StartedAsync();
        var owner = (await app.Owner.Scalar<string>("select current_user::text"))!;
        Assert.Equal(
            [$"{owner} is a member of practice_authority", $"{owner} is more than a login", $"{owner} owns tables"],
            await PowersOf(app.Owner, owner));
    }

    [Fact]
    public async Task Every_table_with_a_group_is_under_row_level_security()
    {
        var app = await TestApp.StartedAsync();
        Assert.True(await app.Owner.Scalar<long>("select count(*) from information_schema.columns where column_name = 'group_id'") >= 5);
        Rule.None(await Unprotected(app.Owner));
    }

    [Fact]
    public async Task A_table_with_a_group_that_is_not_protected_is_caught()
    {
        var database = await BadDatabase.Started;
        Assert.Equal(
            ["locations.bad", "locations.half_protected", "locations.wide_open", "locations.without_policy"],
            await Unprotected(database.Owner));
    }

    /// <summary>Tries every kind of act on every table that isn't the role's own, and undoes it. What isn't refused for lack of privilege is allowed.</summary>
    private static async Task<(int Tried, List<string> Allowed)> TryEverythingElse(string schema, Sql owner, string roleConnectionString)
    {
        var tables = await owner.Rows("""
            select n.nspname, format('%I.%I', n.nspname, c.relname), (select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum = 1)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname not in ($1, 'messaging', 'information_schema') and n.nspname not like 'pg\_%'
            order by 1, 2
            """, schema);
        var statements = tables.SelectMany(row => ActsOn((string)row[1]!, (string)row[2]!))
            .Concat(tables.Select(row => row[0]).Distinct().Select(other => $"create table {other}.made_by_another (id int)"))
            .Append($"create table {schema}.made_by_itself (id int)")
            .Append($"select 1 from {schema}.\"__EFMigrationsHistory\" limit 1")
            .Append("create schema made_by_a_module")
            .ToList();

        var allowed = new List<string>();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(roleConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements.Where(statement => !IsEveryModules(statement)))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            try
            {
                await using var command = new NpgsqlCommand(statement, connection, transaction);
                await command.ExecuteNonQueryAsync();
                allowed.Add($"{schema}: {statement}");
            }
            catch (PostgresException failure)
            {
                // Whatever else it failed for, a row that row-level security turned away included, the privilege was there.
                if (failure is not { SqlState: PostgresErrorCodes.InsufficientPrivilege, Routine: "aclcheck_error" })
                    allowed.Add($"{schema}: {statement}: {failure.MessageText}");
            }
        }

        return (statements.Count, allowed);
    }

    /// <summary>What makes a role more than a login that was granted some tables.</summary>
    private static async Task<IEnumerable<string>> PowersOf(Sql owner, string role) =>
        (await owner.Rows("""
            select format('%s is a member of %s', $1, roleid::regrole) from pg_auth_members where member = $1::regrole
            union
            select format('%s is more than a login', $1) from pg_roles
            where rolname = $1 and not (rolcanlogin and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication))
            union
            select format('%s owns tables', $1) from pg_class where relowner = $1::regrole and relkind = 'r' and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
            order by 1
            """, role)).Select(row => (string)row[0]!);

    private static string[] ActsOn(string table, string column) =>
    [
        $"select 1 from {table} limit 1",
        $"insert into {table} default values",
        $"update {table} set {column} = {column} where false",
        $"delete from {table} where false",
        $"truncate {table}",
        $"alter table {table} add column made_by_another int",
        $"drop table {table}",
    ];

    /// <summary>
    /// Every module appends to the audit, and reads what its caller may see of it; and keeps, in its caller's own row, what it
    /// answered to a call with an <c>Idempotency-Key</c>, in the one column for that.
    /// </summary>
    private static bool IsEveryModules(string statement) =>
        statement.StartsWith("insert into audit.entries", StringComparison.Ordinal) || statement.StartsWith("select 1 from audit.entries", StringComparison.Ordinal)
        || statement.StartsWith("select 1 from idempotency.calls", StringComparison.Ordinal);

    /// <summary>Tables with a group that row-level security does not hold, or whose policies do not ask who entered.</summary>
    private static async Task<IEnumerable<string>> Unprotected(Sql owner) =>
        (await owner.Rows("""
            select format('%I.%I', n.nspname, c.relname)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'group_id'
            where c.relkind in ('r', 'p') and n.nspname not in ('messaging', 'authority')
              and not (c.relrowsecurity and c.relforcerowsecurity
                and exists (select 1 from pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname and p.permissive = 'PERMISSIVE')
                and not exists (select 1 from pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname and p.permissive = 'PERMISSIVE'
                    and p.roles <> '{practice_audit}'      -- seals the entries of all groups, and is no module's
                    and coalesce(p.qual, p.with_check) not like '%current_setting(''app.%'))
            union all
            select format('%I.%I', schemaname, tablename) from pg_tables
            where schemaname = 'authority' and tablename <> '__EFMigrationsHistory' and not rowsecurity
            order by 1
            """)).Select(row => (string)row[0]!);
}
