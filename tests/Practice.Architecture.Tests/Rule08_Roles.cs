using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Host;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;
using Wolverine;

namespace Practice.Architecture.Tests;

/// <summary>
/// 8. Each login of the product is denied every schema but its own and the tables of <c>authority</c>, calls only the
/// functions meant for it, and has no power over roles, policies or the server. All tried on the database itself, as
/// that login.
/// </summary>
public sealed class Rule08_Roles
{
    private const string Messaging = PracticeDatabase.MessagingSchema,
        Audit = PracticeDatabase.AuditSchema,
        Web = PracticeDatabase.WebSchema;

    /// <summary>
    /// What every module does outside its schema, in the transaction of its change: append to the audit, keep an
    /// answer, send messages.
    /// </summary>
    private static readonly string[] OfModules =
    [
        "insert audit.entries",
        "select idempotency.calls", // to add the answer of a command, not to read answers to calls
        "insert messaging.wolverine_incoming_envelopes",
        "insert messaging.wolverine_outgoing_envelopes",
        "select messaging.wolverine_incoming_envelopes", // their keys, not their contents
        "select messaging.queues", // which of them are whose
    ];

    private static readonly Dictionary<string, string[]> Granted = new()
    {
        ["groups"] = [.. OfModules, "select audit.entries"],
        [Messaging] =
        [
            "select idempotency.calls",
            "insert idempotency.calls",
            "update idempotency.calls",
            "delete idempotency.calls",
        ],
        [Web] = [],
        [Audit] =
        [
            "select audit.entries",
            "select audit.removals",
            "select audit.seals",
            "insert audit.seals",
            "select audit.unsealed",
            "delete audit.unsealed",
        ],
    };

    /// <summary>Text in, text out, for every login: docs/adr/0023.</summary>
    private static readonly string[] OfText = ["fold", "letters", "sought", "words"];

    /// <summary>
    /// Which functions of <c>authority</c> each login may call, and those of its own schema.
    /// Another one for a module is a line here, for review.
    /// </summary>
    private static readonly Dictionary<string, string[]> Callable = new()
    {
        ["groups"] =
        [
            "act_as_nobody",
            "act_as_system",
            "act_as_system_for_person",
            "authorize",
            "authorize_portal",
            "client_facts",
            "current_user_id",
            "find_members",
            "groups_of",
            "index_member",
            "note_update",
            "only_read",
            "open_client_session",
            "set_client_secret",
            "works_at_one_of",
            "write_client",
            "write_group",
            "write_idle_limit",
            "write_membership",
            "write_memberships",
            "write_sign_in_rule",
        ],
        ["locations"] =
        [
            "act_as_nobody",
            "act_as_system",
            "authorize",
            "authorize_portal",
            "current_user_id",
            "note_update",
            "only_read",
        ],
        ["portal"] =
        [
            "accounts_by_other_ages",
            "act_as_nobody",
            "act_as_system",
            "act_as_system_for_address",
            "act_as_system_for_person",
            "act_as_system_in_account",
            "add_credit_up",
            "authorize",
            "authorize_calendar_feed",
            "authorize_portal",
            "bill_own_work",
            "calendar_feed_of",
            "current_user_id",
            "end_calendar_feed",
            "find_patients",
            "index_patient",
            "keep_credit_entries",
            "keep_invoice_number",
            "next_invoice_number",
            "note_update",
            "only_read",
            "open_calendar_feed",
            "openable_accounts",
            "own_account_of",
            "phone_words",
            "write_portal_access",
            "write_portal_pause",
            "write_verified_guardian",
        ],
        ["webhooks"] =
        [
            "act_as_nobody",
            "act_as_system",
            "authorize",
            "authorize_portal",
            "current_user_id",
            "note_webhook",
            "only_read",
        ],
        ["users"] =
        [
            "act_as_nobody",
            "act_as_system",
            "authorize",
            "authorize_portal",
            "current_user_id",
            "end_calendar_feeds_of",
            "end_session",
            "end_sessions_of",
            "forget_expired_sessions",
            "only_read",
            "open_session",
            "password_changed",
            "second_factor_removed",
            "second_factor_shown",
            "session_began_with",
            "session_unproven",
            "session_verified",
        ],
        [Messaging] =
        [
            "act_as_system_for_person",
            "authorize",
            "authorize_calendar_feed",
            "authorize_portal",
            "current_user_id",
        ],
        [Audit] = [],
        [Web] = [],
    };

    private static IReadOnlyList<string> Logins => [.. Rule07_Database.Schemas(Codebase.Real), Messaging, Audit, Web];

    [Fact]
    public async Task A_login_is_denied_every_table_that_is_not_its_own()
    {
        var app = await TestApp.StartedAsync();
        foreach (var login in Logins)
        {
            var (tried, allowed) = await Try(app.ConnectionStringOf(login), await TableActs(login, app.Owner));
            Assert.True(tried > 200, $"Only {tried} acts were tried as the login of {login}.");
            Rule.None(allowed.Select(act => $"{login}: {act}"));
        }
    }

    [Fact]
    public async Task A_login_that_may_reach_further_is_caught()
    {
        var database = await BadDatabase.Started;
        var allowed = new List<string>();
        foreach (var login in Logins)
            allowed.AddRange(
                (await Try(database.ConnectionStringOf(login), await TableActs(login, database.Owner))).Allowed.Select(
                    act => $"{login}: {act}"
                )
            );

        Assert.Equal(
            [
                "locations: create table groups.made_by_another (id int)",
                "locations: delete from groups.memberships where false",
                "locations: select 1 from groups.memberships limit 1",
                "messaging: select 1 from groups.groups limit 1",
                "portal: insert into authority.sessions default values: "
                    + "new row violates row-level security policy for table \"sessions\"",
                "users: select 1 from audit.entries limit 1",
                "users: truncate messaging.wolverine_incoming_envelopes",
            ],
            allowed.Order(StringComparer.Ordinal)
        );
    }

    /// <summary>What an earlier release granted, or a person by hand, ends with the next setup.</summary>
    [Fact]
    public async Task A_right_that_is_no_longer_meant_for_a_login_is_taken_back()
    {
        var database = await TestServer.NewDatabaseAsync();
        var owner = new Sql(database);
        await owner.Execute(
            """
            grant execute on function authority.write_membership to practice_locations;
            grant select on audit.entries, idempotency.calls to practice_locations;
            """
        );
        const string rights = """
            select has_table_privilege('practice_locations', 'audit.entries', 'select')
                or has_column_privilege('practice_locations', 'idempotency.calls', 'body', 'select')
                or exists (select from pg_proc where proname = 'write_membership'
                    and has_function_privilege('practice_locations', oid, 'execute'))
            """;
        Assert.True(await owner.Scalar<bool>(rights));

        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(database), CancellationToken.None);
        Assert.False(await owner.Scalar<bool>(rights));
    }

    [Fact]
    public async Task Every_queue_belongs_to_the_module_whose_handler_reads_it()
    {
        var app = await TestApp.StartedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        var queues = (await app.Owner.Rows("select received_at, roles[1]::text from messaging.queues")).ToDictionary(
            row => (string)row[0]!,
            row => (string)row[1]!
        );
        var read = 0;
        foreach (var handlers in Handlers.Of(Codebase.Real).GroupBy(handler => handler.Message))
        {
            if (Handlers.PromisedAnswer(handlers.Key) is not null)
                continue; // never stored
            var destinations = bus.PreviewSubscriptions(RuntimeHelpers.GetUninitializedObject(handlers.Key))
                .Select(envelope => $"{envelope.Destination}")
                .ToList();
            foreach (var handler in handlers)
            {
                var queue = destinations.Single(destination =>
                    destinations.Count == 1
                    || destination.Contains($"{handler.Type.FullName}/", StringComparison.OrdinalIgnoreCase)
                );
                Assert.Equal($"{queue}: practice_{SchemaOf(handler)}", $"{queue}: {queues.GetValueOrDefault(queue)}");
                read++;
            }
        }

        Assert.True(read > 20, $"Only {read} queues are read.");

        static string SchemaOf(Handler handler) =>
            ModuleCatalogue.Find().Single(module => module.GetType().Assembly == handler.Type.Assembly).Schema;
    }

    [Fact]
    public async Task A_module_marks_the_messages_of_its_own_queues_and_no_others()
    {
        await using var database = TestServer.DatabaseAt(await TestServer.NewDatabaseAsync());
        var owner = new Sql(database.OwnerConnectionString);
        var queues = await owner.Rows("select received_at, roles[1]::text from messaging.queues");
        Assert.True(queues.Select(queue => queue[1]).Distinct().Count() > 2);
        foreach (var queue in queues)
        {
            await owner.Execute(
                """
                insert into messaging.wolverine_incoming_envelopes
                    (id, status, owner_id, attempts, body, message_type, received_at)
                values (gen_random_uuid(), 'Incoming', 0, 0, 'content', 'a message', $1)
                """,
                queue[0]!
            );
            foreach (var login in Rule07_Database.Schemas(Codebase.Real))
            {
                var module = new Sql(database.ConnectionStringOf(login));
                var isOwn = $"practice_{login}" == (string)queue[1]!;
                Assert.Equal("denied", await Outcome(module, Mark("Scheduled")));
                if (!isOwn)
                    Assert.Equal("denied", await Outcome(module, Mark("Handled")));
            }

            var own = new Sql(database.ConnectionStringOf(((string)queue[1]!)["practice_".Length..]));
            Assert.Equal("1 rows", await Outcome(own, Mark("Handled")));
            Assert.Equal("0 rows", await Outcome(own, Mark("Handled")));
            await owner.Execute("delete from messaging.wolverine_incoming_envelopes where length(body) = 0");
            Assert.Equal(0L, await owner.Scalar<long>("select count(*) from messaging.wolverine_incoming_envelopes"));
        }

        static string Mark(string status) =>
            $"""
                update messaging.wolverine_incoming_envelopes set status = '{status}', keep_until = now()
                where status = 'Incoming'
                """;
    }

    [Fact]
    public async Task A_module_adds_only_messages_that_wait()
    {
        await using var database = TestServer.DatabaseAt(await TestServer.NewDatabaseAsync());
        foreach (var login in Rule07_Database.Schemas(Codebase.Real))
        foreach (var status in (string[])["Incoming", "Scheduled", "Outgoing", "Handled"])
            Assert.Equal(
                status is "Incoming" or "Scheduled" ? "1 rows" : "denied",
                await Outcome(
                    new Sql(database.ConnectionStringOf(login)),
                    $"""
                    insert into messaging.wolverine_incoming_envelopes
                        (id, status, owner_id, attempts, body, message_type, received_at)
                    values (gen_random_uuid(), '{status}', 0, 0, '', 'a message', 'local://a.queue/')
                    """
                )
            );
    }

    private static async Task<string> Outcome(Sql login, string sql)
    {
        try
        {
            return $"{await login.Execute(sql)} rows";
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return "denied";
        }
    }

    [Fact]
    public async Task A_login_calls_only_the_functions_that_are_meant_for_it()
    {
        var app = await TestApp.StartedAsync();
        foreach (var login in Logins)
            Assert.Equal(
                $"{login}: {string.Join(", ", Callable[login].Concat(OfText).Order(StringComparer.Ordinal))}",
                $"{login}: {string.Join(", ", await CallableFunctions(app.ConnectionStringOf(login), app.Owner))}"
            );
    }

    [Fact]
    public async Task A_function_that_another_login_may_call_is_caught()
    {
        var database = await BadDatabase.Started;
        Assert.Equal(
            ["write_membership"],
            (await CallableFunctions(database.ConnectionStringOf("portal"), database.Owner)).Except([
                .. Callable["portal"],
                .. OfText,
            ])
        );
    }

    [Fact]
    public async Task A_login_has_no_power_over_roles_policies_or_the_server()
    {
        var app = await TestApp.StartedAsync();
        foreach (var login in Logins)
        {
            var (tried, allowed) = await Try(
                app.ConnectionStringOf(login),
                await PowerActs(app.Owner, $"practice_{login}", OwnTable(login))
            );
            Assert.True(tried > 30, $"Only {tried} acts were tried as the login of {login}.");
            Rule.None(allowed.Select(act => $"{login}: {act}"));
        }
    }

    [Fact]
    public async Task A_login_with_such_a_power_is_caught()
    {
        var database = await BadDatabase.Started;
        var (_, asBad) = await Try(
            database.ConnectionStringOfLogin,
            await PowerActs(database.Owner, BadDatabase.Login, "groups.owned_by_a_login")
        );
        var (_, asAudit) = await Try(
            database.ConnectionStringOf(Audit),
            await PowerActs(database.Owner, $"practice_{Audit}", OwnTable(Audit))
        );

        Assert.Equal(["create temporary table kept_aside (id int)"], asAudit);
        Assert.Equal(
            [
                "alter table groups.owned_by_a_login disable row level security",
                "alter table groups.owned_by_a_login no force row level security",
                "alter table groups.owned_by_a_login owner to bad_login",
                "create policy everything on groups.owned_by_a_login using (true)",
                CreateTrigger("groups.owned_by_a_login"),
                "set local row_security = off; select 1 from groups.owned_by_a_login limit 1",
                "set role practice_authority",
            ],
            asBad.Order(StringComparer.Ordinal)
        );
    }

    /// <summary>Of all logins that the product creates, found in the catalogue, not only those of modules.</summary>
    [Fact]
    public async Task No_login_owns_tables_or_bypasses_row_security_or_is_a_member_of_another_role()
    {
        var app = await TestApp.StartedAsync();
        var logins = await ProductRoles(app.Owner, "rolcanlogin");
        Assert.Equal(Logins.Select(login => $"practice_{login}").Order(StringComparer.Ordinal), logins);
        foreach (var login in logins)
            Rule.None(await PowersOf(app.Owner, login));
    }

    [Fact]
    public async Task A_login_that_does_is_caught()
    {
        var database = await BadDatabase.Started;
        Assert.Equal(
            [
                $"{BadDatabase.Login} is a member of practice_authority",
                $"{BadDatabase.Login} is more than a login",
                $"{BadDatabase.Login} owns tables",
            ],
            await PowersOf(database.Owner, BadDatabase.Login)
        );
    }

    [Fact]
    public async Task The_role_that_owns_authority_can_not_log_in_and_is_no_more_than_that()
    {
        var app = await TestApp.StartedAsync();
        Assert.Equal(["practice_authority"], await ProductRoles(app.Owner, "not rolcanlogin"));
        Assert.Empty(
            await app.Owner.Rows(
                """
                select rolname from pg_roles where rolname = 'practice_authority'
                    and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
                """
            )
        );
    }

    /// <summary>Views and functions that run as their owner would be a way around the caller's own rights.</summary>
    [Fact]
    public async Task Nothing_lends_its_owners_rights_but_the_functions_of_authority_and_the_audits_mark()
    {
        var app = await TestApp.StartedAsync();
        Assert.Equal(
            39L,
            await app.Owner.Scalar<long>(
                "select count(*) from pg_proc where prosecdef and pronamespace = 'authority'::regnamespace"
            )
        );
        Rule.None(await Doors(app.Owner));
    }

    [Fact]
    public async Task A_view_or_a_function_that_lends_its_owners_rights_is_caught()
    {
        var database = await BadDatabase.Started;
        Assert.Equal(["the function locations.reach", "the view locations.\"window\""], await Doors(database.Owner));
    }

    /// <summary>
    /// Every kind of act on every table that isn't the login's own, and on its own those that only an owner may.
    /// </summary>
    private static async Task<IReadOnlyList<string>> TableActs(string login, Sql owner)
    {
        var tables = await owner.Rows(
            """
            select n.nspname, format('%I.%I', n.nspname, c.relname),
                (select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum = 1)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname <> 'information_schema' and n.nspname not like 'pg\_%'
            order by 1, 2
            """
        );
        return
        [
            .. tables.SelectMany(row => ActsOn(login, (string)row[0]!, (string)row[1]!, (string)row[2]!)),
            .. tables
                .Select(row => (string)row[0]!)
                .Append("public")
                .Distinct()
                .Select(schema => $"create table {schema}.made_by_{(schema == login ? "itself" : "another")} (id int)"),
            "create schema made_by_a_login",
            .. login == Messaging
                ? []
                : new[]
                {
                    "select body from messaging.wolverine_incoming_envelopes limit 1",
                    "select body from idempotency.calls limit 1",
                    "update messaging.wolverine_incoming_envelopes set message_type = 'another' where false",
                },
        ];
    }

    private static IEnumerable<string> ActsOn(string login, string schema, string table, string column)
    {
        var isHistory = table.EndsWith("\"__EFMigrationsHistory\"", StringComparison.Ordinal);
        string[] granted = Granted.GetValueOrDefault(login, OfModules);
        var isOwn = schema == login && login != Audit && !isHistory;
        foreach (
            var (verb, act) in new[]
            {
                ("select", $"select 1 from {table} limit 1"),
                ("insert", $"insert into {table} default values"),
                ("update", $"update {table} set {column} = {column} where false"),
                ("delete", $"delete from {table} where false"),
            }
        )
        {
            if (!isOwn && !granted.Contains($"{verb} {table}"))
                yield return act;
        }

        yield return $"truncate {table}";
        yield return $"alter table {table} add column made_by_another int";
        yield return $"drop table {table}";
    }

    /// <summary>What would let a login become another, see past a policy, or reach the server.</summary>
    private static async Task<IReadOnlyList<string>> PowerActs(Sql owner, string role, string ownTable)
    {
        var others = (
            await owner.Rows(
                """
                select quote_ident(rolname) from pg_roles
                where rolname <> $1 and (rolname like 'practice\_%' or rolname in (current_user, 'pg_read_all_data'))
                order by 1
                """,
                role
            )
        ).Select(row => (string)row[0]!).ToList();
        return
        [
            .. others.Select(other => $"set role {other}"),
            .. others.Select(other => $"set session authorization {other}"),
            .. others.Select(other => $"grant {other} to {role}"),
            "create role made_by_a_login",
            $"alter role {role} with bypassrls",
            $"alter role {role} with superuser",
            $"alter role {role} set app.group_id = '{Guid.Empty}'",
            "set session_replication_role = replica",
            "create temporary table kept_aside (id int)",
            "select pg_reload_conf()",
            "copy (select 1) to program 'true'",
            "copy (select 1) to '/tmp/written_by_a_login'",
            "select pg_read_file('PG_VERSION')",
            "select * from pg_authid",
            $"set local row_security = off; select 1 from {ownTable} limit 1",
            $"alter table {ownTable} disable row level security",
            $"alter table {ownTable} no force row level security",
            $"create policy everything on {ownTable} using (true)",
            CreateTrigger(ownTable),
            $"alter table {ownTable} owner to {role}",
            $"create view {ownTable}_seen as select * from {ownTable}",
            $"create function {ownTable}_made() returns int language sql as 'select 1'",
        ];
    }

    private static string CreateTrigger(string table) =>
        $"create trigger made_by_a_login before insert on {table} "
        + "for each row execute function suppress_redundant_updates_trigger()";

    /// <summary>A table that the login works on, under row-level security where the product has one for it.</summary>
    private static string OwnTable(string login) =>
        login switch
        {
            "groups" => "groups.memberships",
            "locations" => "locations.locations",
            "portal" => "portal.patients",
            Messaging => "idempotency.calls",
            Audit or Web => "audit.entries",
            "users" => "idempotency.calls", // its own tables are a person's (RowLevelSecurity)
            _ => $"{login}.{login}",
        };

    /// <summary>
    /// Tries each act and undoes it. Only a lack of privilege counts as denied: a row that row-level security rejected
    /// had the privilege.
    /// </summary>
    private static async Task<(int Tried, List<string> Allowed)> Try(
        string connectionString,
        IReadOnlyList<string> acts
    )
    {
        var allowed = new List<string>();
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString
        );
        await connection.OpenAsync();
        foreach (var act in acts)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            try
            {
                await using var command = new NpgsqlCommand(act, connection, transaction);
                await command.ExecuteNonQueryAsync();
                allowed.Add(act);
            }
            catch (PostgresException failure)
            {
                if (
                    failure
                    is not { SqlState: PostgresErrorCodes.InsufficientPrivilege, Routine: not "ExecWithCheckOptions" }
                )
                    allowed.Add($"{act}: {failure.MessageText}");
            }
        }

        return (acts.Count, allowed);
    }

    /// <summary>
    /// The functions outside Wolverine's schema that answer the login with anything but "permission denied".
    /// </summary>
    private static async Task<IEnumerable<string>> CallableFunctions(string connectionString, Sql owner)
    {
        var functions = await owner.Rows(
            """
            select format('select %I.%I(%s)', n.nspname, p.proname, (
                select string_agg('null::' || format_type(t, null), ', ' order by i)
                from unnest(p.proargtypes) with ordinality as a (t, i))), p.proname
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'messaging') and n.nspname not like 'pg\_%'
            order by 2
            """
        );
        Assert.True(functions.Count > 15);
        var names = functions.ToDictionary(row => (string)row[0]!, row => (string)row[1]!);
        var (_, allowed) = await Try(connectionString, [.. names.Keys]);
        return allowed
            .Select(act =>
                names[names.Keys.Single(call => act == call || act.StartsWith($"{call}:", StringComparison.Ordinal))]
            )
            .Order(StringComparer.Ordinal);
    }

    private static async Task<IEnumerable<string>> ProductRoles(Sql owner, string condition) =>
        (
            await owner.Rows(
                $"""
                select rolname from pg_roles where rolname like 'practice\_%' and {condition}
                order by rolname collate "C"
                """
            )
        ).Select(row => (string)row[0]!);

    /// <summary>What makes a role more than a login with rights on some tables.</summary>
    private static async Task<IEnumerable<string>> PowersOf(Sql owner, string role) =>
        (
            await owner.Rows(
                """
                select format('%s is a member of %s', $1, roleid::regrole) from pg_auth_members
                where member = $1::regrole
                union
                select format('%s is more than a login', $1) from pg_roles
                where rolname = $1 and not (rolcanlogin
                    and not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication))
                union
                select format('%s owns tables', $1) from pg_class
                where relowner = $1::regrole and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
                    and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                union
                select format('%s owns functions or schemas', $1)
                where exists (select from pg_proc where proowner = $1::regrole)
                    or exists (select from pg_namespace where nspowner = $1::regrole)
                order by 1
                """,
                role
            )
        ).Select(row => (string)row[0]!);

    /// <summary>
    /// Views and functions with their owner's rights; those of <c>authority</c> belong to a role that owns nothing
    /// else, and have no search path.
    /// </summary>
    private static async Task<IEnumerable<string>> Doors(Sql owner) =>
        (
            await owner.Rows(
                """
                select format('the view %I.%I', n.nspname, c.relname)
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
                  and not coalesce(c.reloptions @> '{security_invoker=true}', false)
                union
                select format('the function %I.%I', n.nspname, p.proname)
                from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
                  and not (p.proowner = 'practice_authority'::regrole
                    and coalesce(p.proconfig @> '{"search_path=\"\""}', false)
                    and (n.nspname = 'authority' or (n.nspname, p.proname) = ('audit', 'note_unsealed'))
                    and not exists (select from aclexplode(p.proacl) where grantee = 0))
                order by 1
                """
            )
        ).Select(row => (string)row[0]!);
}
