using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Authorization;
using Practice.Shared.Persistence;

namespace Practice.Architecture.Tests;

/// <summary>
/// The database keeps tenants apart as well: every table is under row-level security, forced and fail-closed, or is on
/// a list that says why not. Read from the catalogue, and tried as the application's own roles by queries that name no
/// tenant.
/// </summary>
public sealed class RowLevelSecurity
{
    private const string Persons =
        "a person's, in a module whose callers are mostly not signed in (docs/adr/0006): "
        + "the slice filters by the authorized person";
    private const string FrontEnds = "only the front end's, and encrypted: no module's role reaches it";
    private const string Sealers = "only the audit chain's: no module's role reaches it";

    /// <summary>Every table without row-level security, and why it needs none.</summary>
    private static readonly Dictionary<string, string> Open = new()
    {
        ["audit.removals"] = "only the owner's: no login reaches it",
        ["audit.seals"] = Sealers,
        ["audit.unsealed"] = Sealers,
        ["users.account_tokens"] = Persons,
        ["users.accounts"] = Persons,
        ["users.address_counts"] = Persons,
        ["users.asked_mails"] = Persons,
        ["users.email_changes"] = Persons,
        ["users.known_devices"] = Persons,
        ["users.links"] = Persons,
        ["users.mail_preferences"] = Persons,
        ["users.notifications"] = Persons,
        ["users.onboarding"] = Persons,
        ["users.passkey_attempts"] = Persons,
        ["users.passkeys"] = Persons,
        ["users.pending_sign_ups"] = Persons,
        ["users.provider_attempts"] = Persons,
        ["users.provider_links"] = Persons,
        ["users.provider_sign_ins"] = Persons,
        ["users.refresh_tokens"] = Persons,
        ["users.sessions"] = Persons,
        ["users.sign_in_attempts"] = Persons,
        ["users.sign_in_counts"] = Persons,
        ["users.stopped_addresses"] = "hashes of addresses, of no tenant",
        ["users.used_codes"] = Persons,
        ["web.drafts"] = FrontEnds,
        ["web.keys"] = FrontEnds,
        ["web.sessions"] = FrontEnds,
    };

    /// <summary>
    /// A grant belongs to the account and to the person it is for, who may change their own, whatever account it names.
    /// That opens nothing: access is decided by <c>authority.portal_access</c>, which no policy of the portal reaches.
    /// </summary>
    private static readonly string[] OwnedByTwo = ["portal.grants"];

    /// <summary>
    /// Written by the group's staff as well, and read only by the holder: not even the group sees who opened what.
    /// </summary>
    private static readonly string[] NotShownToTheGroup = ["portal.receipts"];

    [Fact]
    public async Task Every_table_is_under_forced_row_level_security_or_on_the_list_that_says_why_not()
    {
        var app = await TestApp.StartedAsync();
        Assert.True((await TenantedApp.FindTables(app.Owner)).Count >= 17);
        Assert.Equal(Open.Keys.Order(StringComparer.Ordinal), await Unprotected(app.Owner));
    }

    [Fact]
    public async Task A_table_that_is_not_protected_is_caught_whatever_its_columns()
    {
        var database = await BadDatabase.Started;
        Assert.Equal(
            [
                "groups.owned_by_a_login",
                "locations.bad",
                "locations.half_protected",
                "locations.open_to_write",
                "locations.wide_open",
                "locations.without_policy",
                "portal.of_an_account",
                "portal.of_nobody",
            ],
            (await Unprotected(database.Owner)).Except(Open.Keys)
        );
    }

    /// <summary>No table on the list belongs to a group or a portal account.</summary>
    [Fact]
    public async Task No_table_on_the_list_belongs_to_a_group()
    {
        var app = await TestApp.StartedAsync();
        Assert.Empty(
            await app.Owner.Rows(
                """
                select table_name from information_schema.columns where table_schema || '.' || table_name = any($1)
                    and column_name in ('group_id', 'patient_id', 'grant_id')
                """,
                new object[] { Open.Keys.ToArray() }
            )
        );
    }

    [Fact]
    public async Task Without_authorization_no_table_shows_a_row()
    {
        var tenanted = await TenantedApp.Started;
        foreach (var table in tenanted.Tables)
        {
            Assert.NotEqual(0L, await tenanted.App.Owner.Scalar<long>($"select count(*) from {table}"));
            Assert.True(
                await RoleOf(tenanted, table).Scalar<long>($"select count(*) from {table}") == 0,
                $"{table} shows rows without authorization."
            );
        }
    }

    [Fact]
    public async Task A_caller_in_a_group_sees_rows_of_that_group_and_no_other() =>
        await SeesOnlyTheirOwn(
            table => table.Group is not null && !NotShownToTheGroup.Contains(table.FullName),
            table => table.Group!,
            tenant => tenant.Group,
            AuthorizeInGroup
        );

    [Fact]
    public async Task What_is_not_for_the_group_shows_it_nothing()
    {
        var tenanted = await TenantedApp.Started;
        foreach (var table in tenanted.Tables.Where(table => NotShownToTheGroup.Contains(table.FullName)))
            Assert.Equal(
                0L,
                await As(tenanted, table, AuthorizeInGroup(tenanted.Tenants[0]), $"select count(*) from {table}")
            );
    }

    [Fact]
    public async Task A_caller_in_a_portal_account_sees_rows_of_that_account_and_no_other() =>
        await SeesOnlyTheirOwn(
            table => table.Account is not null,
            table => table.Account!,
            tenant => tenant.Account,
            AuthorizeInAccount
        );

    [Fact]
    public async Task A_person_sees_their_own_rows_and_no_others() =>
        await SeesOnlyTheirOwn(
            table => table is { Group: null, Account: null },
            table => table.Person!,
            tenant => tenant.User,
            AuthorizePerson
        );

    /// <summary>
    /// A token authorizes nothing in a group or an account that isn't its person's, and shows nothing there.
    /// </summary>
    [Fact]
    public async Task A_token_opens_no_group_or_account_of_others()
    {
        var tenanted = await TenantedApp.Started;
        var (mine, other) = (tenanted.Tenants[0], tenanted.Tenants[1]);
        foreach (var table in tenanted.Tables)
        {
            foreach (
                var authorize in new[]
                {
                    AuthorizeInGroup(mine with { Group = other.Group }),
                    AuthorizeInAccount(mine with { Account = other.Account }),
                    AuthorizeInGroup(mine with { Token = "made up" }),
                }
            )
                Assert.Equal(0L, await As(tenanted, table, authorize, $"select count(*) from {table}"));
        }
    }

    /// <summary>An insert for another tenant is error 42501 in every table; so is handing a row over.</summary>
    [Fact]
    public async Task No_caller_writes_into_another_tenant()
    {
        var tenanted = await TenantedApp.Started;
        var (mine, other) = (tenanted.Tenants[0], tenanted.Tenants[1]);
        var tried = 0;
        foreach (var table in tenanted.Tables)
        {
            // The last is for tables that belong to a person alone.
            foreach (
                var (column, theirs, handedOver, authorize) in new[]
                {
                    (table.Group, other.Group, mine with { Group = other.Group }, AuthorizeInGroup(mine)),
                    (table.Account, other.Account, mine with { Account = other.Account }, AuthorizeInAccount(mine)),
                    (
                        table is { Group: null, Account: null } ? table.Person : null,
                        other.User,
                        mine with
                        {
                            User = other.User,
                        },
                        AuthorizePerson(mine)
                    ),
                }
            )
            {
                if (column is null)
                    continue;
                tried++;
                var foreign = TenantedApp.Insert(table, handedOver, number: 1);
                await Denied(tenanted, table, authorize, foreign, mustFail: true);
                await Denied(
                    tenanted,
                    table,
                    authorize,
                    $"update {table} set {column} = {column} where {column} = '{theirs}'",
                    mustFail: false
                );
                await Denied(
                    tenanted,
                    table,
                    authorize,
                    $"delete from {table} where {column} = '{theirs}'",
                    mustFail: false
                );
                if (!OwnedByTwo.Contains(table.FullName))
                    await Denied(
                        tenanted,
                        table,
                        authorize,
                        $"update {table} set {column} = '{theirs}'",
                        mustFail: false
                    );
            }
        }

        Assert.True(tried >= 20, $"Only {tried} tables were tried.");
    }

    /// <summary>
    /// As the application reads, through each module's own DbContext, but without any condition: three tenants, their
    /// portal accounts, the system, a signed-in person and an anonymous caller, 64 at once on four connections, with
    /// failing, cancelled and denied commands in between.
    /// </summary>
    [Fact]
    public async Task Sixty_four_at_once_on_a_small_pool_see_no_foreign_row()
    {
        const int workers = 64,
            actsEach = 100;
        var tenanted = await TenantedApp.Started;
        var reads = Reads(tenanted).ToList();
        Assert.True(reads.Count >= 14, $"Only {reads.Count} entities are read.");
        var (acts, failures, denials, rows, foreign, unasked) = (0, 0, 0, 0L, 0, 0);

        await Task.WhenAll(
            Enumerable
                .Range(0, workers)
                .Select(worker =>
                    Task.Run(async () =>
                    {
                        var random = new Random(worker);
                        for (var act = 0; act < actsEach; act++)
                        {
                            await using var scope = tenanted.App.Services.CreateAsyncScope();
                            var tenant = tenanted.Tenants[random.Next(tenanted.Tenants.Count)];
                            var read = reads[random.Next(reads.Count)];
                            var db = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(read.Context);
                            var caller = (By)random.Next(Enum.GetValues<By>().Length);
                            ActAs(db.Call, caller, tenant, tenanted.Tenants);
                            Interlocked.Increment(ref acts);
                            try
                            {
                                if (random.Next(6) == 0)
                                    await Fail(db, random.Next(3), tenant);
                                var seen =
                                    random.Next(4) == 0
                                        ? await InTransaction(db, read, caller, tenant)
                                        : await read.All(db);
                                Interlocked.Add(ref rows, seen.Count);
                                if (caller == By.Nobody)
                                    Interlocked.Add(ref unasked, seen.Count);
                                Interlocked.Add(ref foreign, seen.Count(row => !row.IsOf(tenant)));
                            }
                            catch (AccessDeniedException)
                            {
                                Interlocked.Increment(ref denials);
                            }
                            catch (Exception failure)
                                when (failure is DbException or OperationCanceledException
                                    || failure.InnerException is DbException
                                )
                            {
                                Interlocked.Increment(ref failures);
                            }
                        }
                    })
                )
        );

        Assert.Equal(workers * actsEach, acts);
        Assert.True(rows > 5_000, $"Only {rows} rows were seen.");
        Assert.True(failures > 500 && denials > 300, $"{failures} commands failed and {denials} callers were denied.");
        Assert.True(
            foreign == 0 && unasked == 0,
            $"Of {rows} rows {foreign} were foreign, and {unasked} were shown without authorization."
        );
    }

    private enum By
    {
        Group,
        Account,
        System,
        Person,
        Stranger,
        Nobody,
    }

    /// <summary>Whose a row is.</summary>
    private sealed record Owners(Guid? Group, Guid? Account, Guid? Person)
    {
        public bool IsOf(Tenant tenant) =>
            (Group is null || Group == tenant.Group)
            && (Account is null || Account == tenant.Account)
            && ((Group, Account) is not (null, null) || Person == tenant.User);
    }

    /// <summary>All rows of one entity, by a query without any condition.</summary>
    private sealed record Read(Type Context, string Entity, Func<ModuleDbContext, Task<IReadOnlyList<Owners>>> All);

    private static IEnumerable<Read> Reads(TenantedApp tenanted)
    {
        using var scope = tenanted.App.Services.CreateScope();
        foreach (
            var context in Codebase.Real.Modules.Select(module =>
                module.Own.Types.Single(type => type.IsAssignableTo(typeof(ModuleDbContext)))
            )
        )
        {
            var model = ((ModuleDbContext)scope.ServiceProvider.GetRequiredService(context)).Model;
            foreach (var entity in model.GetEntityTypes())
            {
                if (
                    tenanted.Tables.SingleOrDefault(table =>
                        table.FullName == $"{entity.GetSchema()}.{entity.GetTableName()}"
                    )
                        is { } table
                    && !entity.IsOwned()
                )
                    yield return (Read)
                        typeof(RowLevelSecurity)
                            .GetMethod(
                                nameof(ReadOf),
                                System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static
                            )!
                            .MakeGenericMethod(entity.ClrType)
                            .Invoke(null, [context, entity, table])!;
            }
        }
    }

    private static Read ReadOf<TEntity>(Type context, IEntityType entity, ProtectedTable table)
        where TEntity : class
    {
        var (group, account, person) = (Key(table.Group), Key(table.Account), Key(table.Person));
        return new(context, entity.Name, async db =>
            await db.Set<TEntity>()
                .AsNoTracking()
                .Select(one => new Owners(
                    group == null ? null : EF.Property<Guid?>(one, group),
                    account == null ? null : EF.Property<Guid?>(one, account),
                    person == null ? null : EF.Property<Guid?>(one, person)
                ))
                .ToListAsync()
        );

        string? Key(string? column) =>
            column is null ? null : entity.GetProperties().Single(property => property.GetColumnName() == column).Name;
    }

    private static void ActAs(CallContext call, By caller, Tenant tenant, IReadOnlyList<Tenant> all)
    {
        var stranger = all.First(other => other != tenant);
        call.ActFor(
            caller switch
            {
                By.Group => InGroup(tenant, tenant.Group),
                By.Account => InPortal(tenant, tenant.Account),
                By.Person => new AuthorizationRequest(
                    tenant.TokenHash,
                    null,
                    null,
                    new AccessRequirement(Access.None, false, false, false)
                ),
                By.Stranger => InGroup(tenant, stranger.Group),
                _ => null,
            },
            caller == By.System ? tenant.Group : null,
            null,
            null
        );
    }

    private static AuthorizationRequest InGroup(Tenant tenant, Guid group) =>
        new(tenant.TokenHash, group, null, new AccessRequirement(Access.None, true, false, false));

    private static AuthorizationRequest InPortal(Tenant tenant, Guid account) =>
        new(
            tenant.TokenHash,
            null,
            account,
            new AccessRequirement(Access.None, false, false, false, new PortalRequirement(true, false, false, false))
        );

    /// <summary>
    /// As a unit of work: authorized once, at the start of its own transaction, which is then rolled back.
    /// </summary>
    private static async Task<IReadOnlyList<Owners>> InTransaction(
        ModuleDbContext db,
        Read read,
        By caller,
        Tenant tenant
    )
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync(
            caller switch
            {
                By.Group or By.System => AuthorizeInGroup(tenant),
                By.Account => AuthorizeInAccount(tenant),
                By.Person => AuthorizePerson(tenant),
                By.Stranger => AuthorizeInGroup(tenant with { Token = "made up" }),
                _ => "select 1",
            }
        );
        return await read.All(db);
    }

    private static async Task Fail(ModuleDbContext db, int how, Tenant tenant)
    {
        switch (how)
        {
            case 0:
                await db.Database.SqlQueryRaw<int>("select 1 / 0 as \"Value\"").ToListAsync();
                break;
            case 1:
                using (var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(1)))
                    await db
                        .Database.SqlQueryRaw<int>("select 1 as \"Value\" from pg_sleep(0.05)")
                        .ToListAsync(impatience.Token);
                break;
            default:
                await using (await db.Database.BeginTransactionAsync())
                {
                    await db.Database.ExecuteSqlRawAsync(AuthorizeInGroup(tenant));
                    await db.Database.ExecuteSqlRawAsync("select 1 / 0");
                }

                break;
        }
    }

    private static string AuthorizeInGroup(Tenant tenant) =>
        $"select result from authority.authorize('{tenant.TokenHash}', '{tenant.Group}', 0, false, false)";

    private static string AuthorizePerson(Tenant tenant) =>
        $"select result from authority.authorize('{tenant.TokenHash}', null, 0, false, false)";

    private static string AuthorizeInAccount(Tenant tenant) =>
        $"select result from authority.authorize_portal("
        + $"'{tenant.TokenHash}', '{tenant.Account}', false, false, false, now())";

    private static async Task SeesOnlyTheirOwn(
        Func<ProtectedTable, bool> which,
        Func<ProtectedTable, string> column,
        Func<Tenant, Guid> own,
        Func<Tenant, string> authorize
    )
    {
        var tenanted = await TenantedApp.Started;
        var tables = tenanted.Tables.Where(which).ToList();
        Assert.NotEmpty(tables);
        foreach (var table in tables)
        {
            foreach (var tenant in tenanted.Tenants)
            {
                Assert.True(
                    await As(
                        tenanted,
                        table,
                        authorize(tenant),
                        $"select count(*) from {table} where {column(table)} = '{own(tenant)}'"
                    ) > 0,
                    $"{table} does not show a tenant's own rows."
                );
                Assert.True(
                    await As(
                        tenanted,
                        table,
                        authorize(tenant),
                        $"select count(*) from {table} where {column(table)} is distinct from '{own(tenant)}'"
                    ) == 0,
                    $"{table} shows another tenant's rows."
                );
            }
        }
    }

    /// <summary>
    /// What a query answers after the statement that authorizes, as the module's own role; rolled back afterwards.
    /// </summary>
    private static async Task<long> As(TenantedApp tenanted, ProtectedTable table, string authorize, string query)
    {
        await using var connection = await Connect(tenanted, table);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var authorizing = new NpgsqlCommand(authorize, connection, transaction))
            await authorizing.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(query, connection, transaction);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>It fails with 42501, or finds no row to act on.</summary>
    private static async Task Denied(
        TenantedApp tenanted,
        ProtectedTable table,
        string authorize,
        string act,
        bool mustFail
    )
    {
        await using var connection = await Connect(tenanted, table);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var authorizing = new NpgsqlCommand(authorize, connection, transaction))
            await authorizing.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(act, connection, transaction);
        try
        {
            var changed = await command.ExecuteNonQueryAsync();
            Assert.True(changed == 0 && !mustFail, $"{changed} rows: {act}");
        }
        catch (PostgresException denied)
        {
            Assert.True(denied.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{denied.MessageText}: {act}");
        }
    }

    private static Sql RoleOf(TenantedApp tenanted, ProtectedTable table) =>
        tenanted.App.RoleOf(TenantedApp.RoleSchema(table));

    private static async Task<NpgsqlConnection> Connect(TenantedApp tenanted, ProtectedTable table)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(tenanted.App.ConnectionStringOf(TenantedApp.RoleSchema(table)))
            {
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>
    /// Tables without row-level security that holds their owner too, or with policies that compare no setting, for
    /// reading and for writing.
    /// </summary>
    private static async Task<IEnumerable<string>> Unprotected(Sql owner) => (
            await owner.Rows(
                """
                select format('%I.%I', n.nspname, c.relname)
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p') and c.relname <> '__EFMigrationsHistory'
                  and n.nspname not in ('messaging', 'information_schema', 'pg_catalog', 'pg_toast')
                  and not (c.relrowsecurity and c.relforcerowsecurity
                    and exists (select from pg_policies p
                        where p.schemaname = n.nspname and p.tablename = c.relname and p.permissive = 'PERMISSIVE')
                    and not exists (select from pg_policies p
                        where p.schemaname = n.nspname and p.tablename = c.relname and p.permissive = 'PERMISSIVE'
                        and p.roles <> '{practice_audit}'      -- reads the entries of all groups, and is no module's
                        -- reached only through its functions:
                        and not (n.nspname = 'authority' and p.roles = '{practice_authority}')
                        and (coalesce(p.qual, p.with_check) not like '%current_setting(''app.%'
                            or coalesce(p.with_check, p.qual) not like '%current_setting(''app.%')))
                order by 1
                """
            )
        ).Select(row => (string)row[0]!).Order(StringComparer.Ordinal);
}
