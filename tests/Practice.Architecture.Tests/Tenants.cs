using System.Text;
using Practice.Authorization;

namespace Practice.Architecture.Tests;

/// <summary>
/// A practice, its member, and the same person's portal account, to which a patient of that practice is linked.
/// </summary>
internal sealed record Tenant(Guid Group, Guid User, Guid Account, Guid Patient, string Token)
{
    public string TokenHash => AuthorizationRequest.Hash(Token);

    public static Tenant New() =>
        new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid().ToString("n"));
}

/// <summary>A table under row-level security, and the columns by which it tells tenants apart.</summary>
/// <param name="Policies">All conditions of its policies.</param>
internal sealed record ProtectedTable(
    string Schema,
    string Name,
    string Policies,
    IReadOnlyList<(string Name, string Type, bool Required)> Columns
)
{
    public string FullName => $"{Schema}.{Name}";

    /// <summary>The column that names the practice, if that is what the table is told apart by.</summary>
    public string? Group =>
        Asks("app.group_id")
            ? FullName == "groups.groups"
                ? "id"
                : Has("group_id")
            : null;

    /// <summary>The column that names the portal account, if that is what it is told apart by.</summary>
    public string? Account =>
        Asks("app.account_id")
            ? FullName == "portal.accounts"
                ? "id"
                : Has("account_id")
            : null;

    public string? Person => Has("user_id");

    public override string ToString() => FullName;

    private bool Asks(string setting) => Policies.Contains(setting, StringComparison.Ordinal);

    private string? Has(string column) => Columns.Any(one => one.Name == column) ? column : null;
}

/// <summary>
/// A host whose modules have few connections each, and three tenants with rows of each in every table that keeps
/// tenants apart: those tables are found in the catalogue, and so is what their rows are made of.
/// </summary>
internal sealed class TenantedApp
{
    /// <summary>So few, that every connection serves every tenant in turn.</summary>
    private const int Connections = 4;

    private const int RowsEach = 4;

    private static readonly Lazy<Task<TenantedApp>> Made = new(MakeAsync);

    private TenantedApp(TestApp app, IReadOnlyList<Tenant> tenants, IReadOnlyList<ProtectedTable> tables) =>
        (App, Tenants, Tables) = (app, tenants, tables);

    public static Task<TenantedApp> Started => Made.Value;

    public TestApp App { get; }

    public IReadOnlyList<Tenant> Tenants { get; }

    public IReadOnlyList<ProtectedTable> Tables { get; }

    /// <summary>The module's role that works on the table; what every module writes is tried as one of them.</summary>
    public static string RoleSchema(ProtectedTable table) =>
        table.Schema is "audit" or "idempotency" ? "groups" : table.Schema;

    /// <summary>
    /// Every table of the application that row-level security holds; those of <c>authority</c> no login reaches at all.
    /// </summary>
    public static async Task<IReadOnlyList<ProtectedTable>> FindTables(Sql owner)
    {
        var columns = await owner.Rows(
            """
            select n.nspname, c.relname, a.attname, format_type(a.atttypid, null), a.attnotnull and not a.atthasdef,
                (select string_agg(coalesce(p.qual, '') || coalesce(p.with_check, ''), ' ') from pg_policies p
                    where p.schemaname = n.nspname and p.tablename = c.relname)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
                and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
            where c.relkind in ('r', 'p') and c.relrowsecurity and n.nspname not in ('authority', 'messaging')
            order by 1, 2, a.attnum
            """
        );
        return
        [
            .. columns
                .GroupBy(row => ((string)row[0]!, (string)row[1]!))
                .Select(table => new ProtectedTable(
                    table.Key.Item1,
                    table.Key.Item2,
                    (string)table.First()[5]!,
                    [.. table.Select(row => ((string)row[2]!, (string)row[3]!, (bool)row[4]!))]
                )),
        ];
    }

    private static async Task<TenantedApp> MakeAsync()
    {
        var app = await TestApp.StartAsync(
            new TestAppOptions
            {
                ConnectionString = $"{await TestServer.NewDatabaseAsync()};Maximum Pool Size={Connections}",
            }
        );
        var tables = await FindTables(app.Owner);
        Tenant[] tenants = [Tenant.New(), Tenant.New(), Tenant.New()];

        // No trigger, no foreign key: rows alone matter here.
        var rows = new StringBuilder("set session_replication_role = replica;\n");
        foreach (var tenant in tenants)
        {
            rows.Append(
                $"""
                insert into authority.sessions values ('{tenant.TokenHash}', gen_random_uuid(), '{tenant.User}',
                    now() + interval '1 year', false, true);
                insert into authority.memberships values ('{tenant.User}', '{tenant.Group}', true, 0, '{"{}"}');
                insert into authority.portal_access values ('{tenant.Account}', '{tenant.User}', 'self', null, true,
                    true, true, null, null);

                """
            );
            foreach (var table in tables)
            {
                for (var number = 0; number < RowsEach; number++)
                    rows.Append($"{Insert(table, tenant, number)} on conflict do nothing;\n");
            }
        }

        await app.Owner.Execute(rows.ToString());
        return new(app, tenants, tables);
    }

    /// <summary>A row of the tenant's, made of whatever the catalogue asks for.</summary>
    public static string Insert(ProtectedTable table, Tenant tenant, int number)
    {
        var values = table
            .Columns.Select(column => (column.Name, Value: Value(table, column, tenant, number)))
            .Where(column => column.Value is not null)
            .ToList();
        var names = string.Join(", ", values.Select(value => value.Name));
        return $"insert into {table} ({names}) values ({string.Join(", ", values.Select(value => value.Value))})";
    }

    private static string? Value(
        ProtectedTable table,
        (string Name, string Type, bool Required) column,
        Tenant tenant,
        int number
    ) =>
        (column.Name, column.Type) switch
        {
            _ when column.Name == table.Group => $"'{tenant.Group}'",
            _ when column.Name == table.Account => $"'{tenant.Account}'",
            ("user_id" or "actor_id", "uuid") => $"'{tenant.User}'",
            ("patient_id", "uuid") => $"'{tenant.Patient}'",
            // One id for the patient, a record and a file: what follows its parent is seen with it.
            ("id", "uuid") when number == 0 && HasFollowers(table) => $"'{tenant.Patient}'",
            ("record_id" or "attachment_id", "uuid") => $"'{tenant.Patient}'",
            _ when !column.Required => null,
            (_, "uuid") => "gen_random_uuid()",
            (_, "text" or "character varying") => $"'x{Guid.NewGuid():n}'",
            (_, "boolean") => "false",
            (_, "integer" or "bigint" or "smallint" or "numeric") => "0",
            (_, "date") => "'2001-01-01'",
            (_, "timestamp with time zone") => "now()",
            (_, "interval") => "'1 hour'",
            (_, "jsonb") => "'{}'",
            (_, "bytea") => "'\\x00'",
            (_, "uuid[]" or "text[]") => "'{}'",
            _ => throw new InvalidOperationException($"What is a value of {column.Type}, for {table}.{column.Name}?"),
        };

    private static bool HasFollowers(ProtectedTable table) =>
        table.FullName is "portal.patients" or "portal.clinical_records" or "portal.attachments";
}
