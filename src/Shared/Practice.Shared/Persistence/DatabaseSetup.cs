using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence.Platform;

namespace Practice.Shared.Persistence;

/// <summary>
/// Brings the database to the state this build needs: roles, the shared schemas, each module's migrations, Wolverine's
/// tables, grants. Runs as the owner; repeating it changes nothing; two hosts at once wait for each other.
/// </summary>
public sealed class DatabaseSetup(
    PracticeDatabase database,
    IReadOnlyList<IModule> modules,
    Func<NpgsqlDataSource, Task> createMessagingTables,
    Action<string>? say = null
)
{
    /// <summary>A message that failed may name people: an operator has this long to have it handled again.</summary>
    public static readonly TimeSpan DeadLettersKeptFor = TimeSpan.FromDays(30);

    /// <summary>
    /// Who waits for a table's lock holds up all who come later, so calls too. A setup waits for as long, gives the
    /// lock up, and tries again. A call has two seconds.
    /// </summary>
    internal const string LockTimeout = "500ms";

    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(3);

    /// <summary>An owner who is no superuser does not see for how long others' transactions have run.</summary>
    private const string Hidden = "a transaction of another login has one in use";

    private const string IdempotencySchema = "idempotency";

    private string? _toldOf;

    private string AuthorityRole => database.RoleOf(PlatformDbContext.Schema);
    private string AuditRole => database.RoleOf(PracticeDatabase.AuditSchema);
    private string WebRole => database.RoleOf(PracticeDatabase.WebSchema);
    private string MessagingRole => database.RoleOf(PracticeDatabase.MessagingSchema);

    /// <summary>The schemas whose logins handle calls and messages.</summary>
    private string[] LoginSchemas => [.. modules.Select(module => module.Schema), PracticeDatabase.MessagingSchema];

    /// <summary>The schemas whose logins there are.</summary>
    public IReadOnlyList<string> AllLoginSchemas =>
        [.. LoginSchemas, PracticeDatabase.AuditSchema, PracticeDatabase.WebSchema];

    public async Task RunAsync(CancellationToken ct)
    {
        await using var owner = Pool();
        await using var setupLock = await SetupLock.TryTakeAsync(owner, ct) ?? await WaitForLockAsync(owner, ct);
        if (setupLock is null)
            return;
        await using var connection = await owner.OpenConnectionAsync(ct);
        await ForgetBuildAsync(connection, ct);
        await using var migrating = MigrationPool();

        await MakeRolesAsync(owner, ct);
        await NoticeLostMachinesAsync(owner, ct);
        await MakeSchemasAsync(connection, ct);
        var migrates = PendingOf(await AppliedAsync(connection, ct)).Count > 0;
        if (migrates)
        {
            await HoldOwnerAsync(connection, held: false, ct);
            await MigrateAsync(connection, () => PlatformContext(migrating), ct);
        }

        await HandOverAsync(connection, ct); // before a module's migration can fail: hosts may be running
        if (migrates)
        {
            foreach (var module in modules)
                await MigrateAsync(
                    connection,
                    () => module.ContextForMigrations(options => UsePostgres(options, migrating, module.Schema)),
                    ct
                );
        }

        await WithLocksAsync(connection, () => createMessagingTables(migrating), ct);
        await ForgetHandledMessagesAsync(connection, ct);
        await GuardQueuesAsync(connection, ct);
        await EncryptionKeyStore.PrepareAsync(
            connection,
            database,
            [.. AllLoginSchemas.Select(database.RoleOf), .. AllLoginSchemas.Select(PracticeDatabase.EarlierRoleOf)],
            ct
        );
        await GrantAsync(connection, ct);
        await HoldOwnerAsync(connection, held: true, ct);
        if (!database.HasEarlierRoles)
            await RetireEarlierRolesAsync(connection, ct);
        await connection.ExecuteAsync($"comment on schema {PracticeDatabase.MessagingSchema} is '{Build}'", ct);
    }

    /// <summary>
    /// A backup has the lock for as long as it takes, and a host that is started meanwhile need not wait for it.
    /// </summary>
    /// <returns>Null if the database is as this build needs it.</returns>
    private async Task<SetupLock?> WaitForLockAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        if (!await IsSetUpAsync(owner, ct))
            return await SetupLock.TakeAsync(owner, say, ct);
        say?.Invoke("A backup or another setup of this database runs. This build has set it up already.");
        return null;
    }

    private async Task<bool> IsSetUpAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        var build = await connection.ScalarAsync(
            $"select obj_description(to_regnamespace('{PracticeDatabase.MessagingSchema}'), 'pg_namespace')",
            ct
        );
        if (build as string != Build || PendingOf(await AppliedAsync(connection, ct)).Count > 0)
            return false;
        foreach (var schema in AllLoginSchemas)
            if (!await CanLogInAsync(schema, ct))
                return false;
        return true;
    }

    /// <summary>What a setup does beyond migrations, such as rights, is that of its build, and of its roles.</summary>
    private string Build =>
        $"Set up for {AuthorityRole} by "
        + Convert.ToHexStringLower(
            SHA256.HashData([
                .. Parts
                    .Select(part => part.Assembly.ManifestModule)
                    .Append(createMessagingTables.Method.Module)
                    .SelectMany(module => module.ModuleVersionId.ToByteArray()),
            ])
        )[..16];

    /// <summary>Until a setup ends none has been done: it is at work, or rows are being restored.</summary>
    internal static Task ForgetBuildAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteAsync(
            $"""
            do $$ begin
                if to_regnamespace('{PracticeDatabase.MessagingSchema}') is not null
                then comment on schema {PracticeDatabase.MessagingSchema} is null; end if;
            end $$
            """,
            ct
        );

    /// <summary>All schemas of the product.</summary>
    public IReadOnlyList<string> Schemas =>
        [
            .. modules.Select(module => module.Schema),
            PlatformDbContext.Schema,
            PracticeDatabase.AuditSchema,
            IdempotencySchema,
            PracticeDatabase.WebSchema,
            PracticeDatabase.MessagingSchema,
        ];

    /// <summary>
    /// Does something with the rows of all tenants, as the owner, whom row-level security does not hold meanwhile.
    /// Hosts may be running: it holds them all the time.
    /// </summary>
    public async Task WithAllRowsAsync(Func<NpgsqlConnection, Task> work, CancellationToken ct)
    {
        await using var owner = Pool();
        await using var setupLock = await SetupLock.TakeAsync(owner, say, ct);
        await using var connection = await owner.OpenConnectionAsync(ct);
        await HoldOwnerAsync(connection, held: false, ct);
        try
        {
            await work(connection);
        }
        finally
        {
            await using var after = await owner.OpenConnectionAsync(CancellationToken.None);
            await HoldOwnerAsync(after, held: true, CancellationToken.None);
        }
    }

    /// <summary>
    /// Has row-level security hold the owner again, where a command was killed that had it not hold them.
    /// </summary>
    /// <returns>Of how many tables; null while another setup or backup runs, at whose end it is done.</returns>
    public async Task<int?> HoldOwnerAgainAsync(CancellationToken ct)
    {
        await using var owner = Pool();
        await using var connection = await owner.OpenConnectionAsync(ct);
        if (await TablesHoldingAsync(connection, held: false, ct) is { Length: 0 })
            return 0;
        await using var setupLock = await SetupLock.TryTakeAsync(owner, ct);
        if (setupLock is null)
            return null;
        var tables = await TablesHoldingAsync(connection, held: false, ct);
        await HoldOwnerAsync(connection, held: true, ct);
        return tables.Length;
    }

    /// <summary>
    /// What was committed before a lock could not be had stays: migrations that commit in between can be repeated.
    /// </summary>
    private Task MigrateAsync(NpgsqlConnection connection, Func<DbContext> makeContext, CancellationToken ct) =>
        WithLocksAsync(
            connection,
            async () =>
            {
                await using var context = makeContext();
                await context.Database.MigrateAsync(ct);
            },
            ct
        );

    /// <summary>
    /// Row-level security holds the owner of a table only where it is forced. Migrations change the rows of all
    /// tenants, and so do it before they are forced again; modules own nothing and are held all the time. A superuser
    /// is never held.
    /// </summary>
    private async Task HoldOwnerAsync(NpgsqlConnection connection, bool held, CancellationToken ct)
    {
        // Each in a transaction of its own: hosts may be running, and no two tables are locked at once.
        foreach (var table in await TablesHoldingAsync(connection, !held, ct))
            await AlterAsync(connection, $"alter table {table} {(held ? "" : "no ")}force row level security", ct);
    }

    /// <summary>The tables whose row-level security holds their owner, or does not; none for a superuser.</summary>
    private async Task<string[]> TablesHoldingAsync(NpgsqlConnection connection, bool held, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand(
            $"""
            select coalesce(array_agg(oid::regclass::text), array[]::text[]) from pg_class
            where relrowsecurity and relforcerowsecurity = {held} and relkind in ('r', 'p')
                and relnamespace::regnamespace::text = any ('{Literal(Schemas)}')
                and not exists (select from pg_roles where rolname = current_user and (rolsuper or rolbypassrls))
            """,
            connection
        );
        return (string[])(await find.ExecuteScalarAsync(ct))!;
    }

    private Task AlterAsync(NpgsqlConnection connection, string sql, CancellationToken ct) =>
        WithLocksAsync(
            connection,
            () =>
                connection.ExecuteAsync(
                    $"set lock_timeout = '{LockTimeout}'; {sql.TrimEnd(';')}; set lock_timeout = 0",
                    ct
                ),
            ct
        );

    /// <summary>Does what needs locks of tables, with <see cref="LockTimeout"/>, until it gets them.</summary>
    private async Task WithLocksAsync(NpgsqlConnection connection, Func<Task> change, CancellationToken ct)
    {
        var began = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await change();
                return;
            }
            catch (Exception busy) when (IsLocked(busy))
            {
                if (say is not null && began.Elapsed > TellAfter)
                {
                    var holder = await LongestAsync(connection, ct) ?? Hidden;
                    if (holder != _toldOf)
                        say($"Waiting for a lock on a table: {holder}. Calls go on meanwhile.");
                    _toldOf = holder;
                }

                await Task.Delay(Random.Shared.Next(200, 1_000), ct);
            }
        }
    }

    private static bool IsLocked(Exception fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }
        || (fault.InnerException is { } inner && IsLocked(inner));

    /// <summary>The transaction that has used a table of the product for longest.</summary>
    private async Task<string?> LongestAsync(NpgsqlConnection connection, CancellationToken ct) =>
        (string?)
            await connection.ScalarAsync(
                $"""
                select format('server process %s%s has used %s%s', l.pid, ' (' || a.usename || ')',
                    min(l.relation::regclass::text), ' since ' || to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS TZ'))
                from pg_locks l
                join pg_class t on t.oid = l.relation and t.relkind in ('r', 'p')
                left join pg_stat_activity a on a.pid = l.pid
                where l.granted and l.pid <> pg_backend_pid()
                    and l.database = (select oid from pg_database where datname = current_database())
                    and t.relnamespace::regnamespace::text = any ('{Literal(Schemas)}')
                    -- not what is over in a moment, nor what may be
                    and a.xact_start < clock_timestamp() - interval '{LockTimeout}'
                group by l.pid, a.usename, a.xact_start order by a.xact_start limit 1
                """,
                ct
            );

    /// <summary>
    /// What migrations made belongs to the roles of this deployment, whose names they do not know: the tables and
    /// functions of <c>authority</c>, and the policies that let those functions, and the audit's own login, pass.
    /// </summary>
    private Task HandOverAsync(NpgsqlConnection connection, CancellationToken ct) =>
        AlterAsync(
            connection,
            $"""
            do $$ declare thing record; begin
                for thing in
                    select oid::regclass as name from pg_class
                    where relnamespace = 'authority'::regnamespace and relkind = 'r'
                        and relname <> '{HistoryRepository.DefaultTableName}' and relowner <> '{AuthorityRole}'::regrole
                loop
                    execute format('alter table %s owner to {AuthorityRole}', thing.name);
                end loop;
                grant create on schema audit to {AuthorityRole}; -- an owner of a function must have it
                for thing in
                    select oid::regprocedure as name from pg_proc
                    where (pronamespace = 'authority'::regnamespace or oid = 'audit.note_unsealed()'::regprocedure)
                        and proowner <> '{AuthorityRole}'::regrole
                loop
                    execute format('alter function %s owner to {AuthorityRole}', thing.name);
                end loop;
                revoke create on schema audit from {AuthorityRole};
                for thing in
                    select polname, polrelid::regclass as name, role
                    from pg_policy,
                        lateral (
                            select case polname when 'sealer' then '{AuditRole}' else '{AuthorityRole}' end as role
                        ) its
                    where polroles <> array[role::regrole::oid]
                        and ((polname = 'functions_only' and polrelid in (
                                select oid from pg_class where relnamespace = 'authority'::regnamespace))
                            or (polname = 'sealer' and polrelid = 'audit.entries'::regclass))
                loop
                    execute format('alter policy %I on %s to %I', thing.polname, thing.name, thing.role);
                end loop;
                grant usage on schema audit to {AuthorityRole};
                grant insert on audit.unsealed to {AuthorityRole};
            end $$;
            """,
            ct
        );

    /// <summary>
    /// Roles of earlier releases were named the same for all databases of a server. They lose this database once no
    /// host of such a release is connected any more, and end with the last database.
    /// </summary>
    private async Task RetireEarlierRolesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var earlier = Literal([
            .. AllLoginSchemas.Append(PlatformDbContext.Schema).Select(PracticeDatabase.EarlierRoleOf),
        ]);
        await AlterAsync(
            connection,
            $"""
            do $$ declare earlier name; begin
                if exists (select from pg_stat_activity
                           where datname = current_database() and usename = any ('{earlier}'))
                then return; end if;
                for earlier in select rolname from pg_roles where rolname = any ('{earlier}') loop
                    execute format('revoke all on database %I from %I', current_database(), earlier);
                    begin
                        continue when exists (
                            select from pg_shdepend,
                                (select oid from pg_database where datname = current_database()) here
                            where refclassid = 'pg_authid'::regclass and refobjid = earlier::regrole
                                and (dbid not in (0, here.oid)
                                    or (classid = 'pg_database'::regclass and objid <> here.oid)));
                        if pg_has_role(current_user, earlier::regrole, 'member') or
                            (select rolsuper from pg_roles where rolname = current_user)
                        then
                            execute format('reassign owned by %I to {AuthorityRole}', earlier);
                            execute format('drop owned by %I', earlier);
                        end if;
                        execute format('drop role %I', earlier);
                    exception when insufficient_privilege or dependent_objects_still_exist then
                        null; -- without a connection they reach nothing here
                    end;
                end loop;
            end $$;
            """,
            ct
        );
    }

    /// <summary>An array of PostgreSQL. No name needs quotes.</summary>
    private static string Literal(IEnumerable<string> names) => $"{{{string.Join(',', names)}}}";

    /// <summary>
    /// A handled message loses its content, which may name people: Wolverine keeps the row for a
    /// while, to recognise a message that comes twice. One that failed is deleted some time
    /// later; rows of earlier releases get that time here.
    /// </summary>
    private Task ForgetHandledMessagesAsync(NpgsqlConnection connection, CancellationToken ct) =>
        AlterAsync(
            connection,
            $"""
            create or replace function {PracticeDatabase.MessagingSchema}.forget_handled() returns trigger
            language plpgsql set search_path = '' as $$ begin new.body := ''::bytea; return new; end $$;
            create or replace trigger forget_handled
            before update on {PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes
            for each row when (new.status = 'Handled')
            execute function {PracticeDatabase.MessagingSchema}.forget_handled();
            do $$ begin
                if (select reloptions is null from pg_class
                    where oid = '{PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes'::regclass) then
                    alter table {PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes set ({QueueStorage});
                end if;
            end $$;
            update {PracticeDatabase.MessagingSchema}.wolverine_dead_letters
            set expires = now() + interval '{DeadLettersKeptFor.Days} days' where expires is null;
            """,
            ct
        );

    /// <summary>
    /// For a table whose rows come and go: it is vacuumed after so many of them, however large it once was.
    /// </summary>
    internal const string QueueStorage =
        "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0";

    /// <summary>
    /// A module marks messages of its own queues as handled, and adds messages that wait; the tables are Wolverine's
    /// and know no modules. A queue that this build does not have is another release's, whose host runs beside it.
    /// </summary>
    private async Task GuardQueuesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string messaging = PracticeDatabase.MessagingSchema;
        var isModule = $"current_user = any ('{Literal(modules.SelectMany(RolesOf))}'::name[])";
        var queues = PracticeMessaging
            .QueuesOf(modules)
            .SelectMany(of => of.Select(queue => $"('{queue}', '{Literal(RolesOf(of.Key))}'::name[])"));
        await AlterAsync(
            connection,
            $"""
            insert into {messaging}.queues values {string.Join(", ", queues)}
            on conflict (received_at) do update set roles = excluded.roles where queues.roles <> excluded.roles;

            create or replace function {messaging}.mark_own() returns trigger
            language plpgsql set search_path = '' as $$ begin
                if new.status <> 'Handled' or exists (
                    select from {messaging}.queues where received_at = old.received_at and current_user <> all (roles))
                then
                    raise insufficient_privilege using message = format(
                        'permission denied: %s does not handle the messages of %s', current_user, old.received_at);
                end if;
                return new;
            end $$;
            create or replace trigger mark_own
            before update on {messaging}.wolverine_incoming_envelopes
            for each row when ({isModule})
            execute function {messaging}.mark_own();

            create or replace function {messaging}.add_waiting() returns trigger
            language plpgsql set search_path = '' as $$ begin
                raise insufficient_privilege using message = format(
                    'permission denied: %s adds only messages that wait', current_user);
            end $$;
            create or replace trigger add_waiting
            before insert on {messaging}.wolverine_incoming_envelopes
            for each row when ({isModule} and new.status not in ('Incoming', 'Scheduled'))
            execute function {messaging}.add_waiting();
            """,
            ct
        );

        IEnumerable<string> RolesOf(IModule module) =>
            [database.RoleOf(module.Schema), PracticeDatabase.EarlierRoleOf(module.Schema)];
    }

    /// <summary>
    /// The migrations that this build knows and the database lacks; a deployment applies them with <c>-- migrate</c>.
    /// </summary>
    public async Task<IReadOnlyList<string>> PendingAsync(CancellationToken ct) => PendingOf(await AppliedAsync(ct));

    /// <summary>The migrations that this build knows, each as <c>schema/name</c>.</summary>
    public IEnumerable<string> Known =>
        Parts.SelectMany(part =>
            part.Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(Migration)))
                .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
                .OfType<string>()
                .Order(StringComparer.Ordinal)
                .Select(name => $"{part.Schema}/{name}")
        );

    /// <summary>The migrations that the database has, those of other releases too.</summary>
    public async Task<IReadOnlyList<string>> AppliedAsync(CancellationToken ct)
    {
        await using var owner = Pool();
        await using var connection = await owner.OpenConnectionAsync(ct);
        return await AppliedAsync(connection, ct);
    }

    private IReadOnlyList<string> PendingOf(IReadOnlyList<string> applied) =>
        [.. Known.Except(applied, StringComparer.Ordinal)];

    /// <remarks>Entity Framework would build every module's context and open a connection for each.</remarks>
    private async Task<IReadOnlyList<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var applied = new List<string>();
        foreach (var (schema, _) in Parts)
        {
            var history = $"{schema}.\"{HistoryRepository.DefaultTableName}\"";
            await using var find = new NpgsqlCommand($"select to_regclass('{history}') is not null", connection);
            if (await find.ExecuteScalarAsync(ct) is not true)
                continue;
            await using var list = new NpgsqlCommand($"select migration_id from {history} order by 1", connection);
            await using var reader = await list.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                applied.Add($"{schema}/{reader.GetString(0)}");
        }

        return applied;
    }

    private (string Schema, Assembly Assembly)[] Parts =>
        [
            (PlatformDbContext.Schema, typeof(PlatformDbContext).Assembly),
            .. modules.Select(module => (module.Schema, module.GetType().Assembly)),
        ];

    /// <summary>As long as it takes: an index on a large table, or another host's setup that has the lock.</summary>
    private NpgsqlConnectionStringBuilder ForSetup() => new(database.OwnerConnectionString) { CommandTimeout = 0 };

    /// <summary>Named, as every pool: metrics would show host and user instead.</summary>
    private NpgsqlDataSource Pool() =>
        new NpgsqlDataSourceBuilder(ForSetup().ConnectionString) { Name = "setup" }.Build();

    /// <summary>Each connection of its own, with <see cref="LockTimeout"/>.</summary>
    private NpgsqlDataSource MigrationPool()
    {
        const string limit = $"set lock_timeout = '{LockTimeout}'";
        var settings = ForSetup();
        settings.Pooling = false;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "setup" }
            .UsePhysicalConnectionInitializer(
                connection =>
                {
                    using var command = new NpgsqlCommand(limit, connection);
                    command.ExecuteNonQuery();
                },
                connection => connection.ExecuteAsync(limit, CancellationToken.None)
            )
            .Build();
    }

    private static PlatformDbContext PlatformContext(NpgsqlDataSource owner)
    {
        var options = new DbContextOptionsBuilder<PlatformDbContext>();
        UsePostgres(options, owner, PlatformDbContext.Schema);
        return new PlatformDbContext(options.Options);
    }

    internal static void UsePostgres(DbContextOptionsBuilder options, NpgsqlDataSource source, string schema) =>
        options
            .UseNpgsql(source, npgsql => npgsql.MigrationsHistoryTable(HistoryRepository.DefaultTableName, schema))
            .UseSnakeCaseNamingConvention();

    /// <summary>Since PostgreSQL 16 only who made a role may grant and change it.</summary>
    private const string SinceMakersRule = "current_setting('server_version_num')::int >= 160000";

    private async Task MakeRolesAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await ExecuteOnServerAsync(
            owner,
            $"""
            do $$ begin
                if to_regrole('{AuthorityRole}') is null then create role {AuthorityRole} nologin; end if;
            exception when duplicate_object or unique_violation then null; end $$;
            do $$ begin
                -- A member need not be allowed to grant it: from PostgreSQL 16 on only its maker is. A superuser is
                -- a member of all, but need not stay one.
                if not pg_has_role(current_user, '{AuthorityRole}', 'usage')
                    or (select rolsuper from pg_roles where rolname = current_user)
                    or (case when {SinceMakersRule} then not pg_has_role(current_user, '{AuthorityRole}', 'set') end)
                then execute format('grant {AuthorityRole} to %I', current_user); end if;
            exception when unique_violation then null; end $$;
            """,
            ct
        );
        foreach (var schema in AllLoginSchemas)
        {
            var (role, password) = (database.RoleOf(schema), database.PasswordOf(schema));
            await ExecuteOnServerAsync(
                owner,
                $"""
                do $$ begin
                    if to_regrole('{role}') is null then create role {role} login password '{password}'; end if;
                exception when duplicate_object or unique_violation then null; end $$;
                do $$ begin
                    -- Only a superuser may name these attributes; a role has none of them unless somebody gave it one.
                    if exists (select from pg_roles where rolname = '{role}'
                               and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole))
                    then alter role {role} nosuperuser nobypassrls nocreatedb nocreaterole; end if;
                end $$;
                """,
                ct
            );
            if (!await CanLogInAsync(schema, ct))
                await ExecuteOnServerAsync(owner, $"alter role {role} with login password '{password}'", ct);
        }
    }

    /// <summary>
    /// A machine that is lost closes no connection. PostgreSQL asks after two hours whether it is there, unless it is
    /// told otherwise: for so long its locks would stay, and with them what one host does for all. An operator's own
    /// limits, of the server, the database or a role, stay.
    /// </summary>
    private async Task NoticeLostMachinesAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        try
        {
            await ExecuteOnServerAsync(
                owner,
                $"""
                do $$ declare role record; begin
                    for role in
                        select rolname, s.name, s.value
                        from (values
                            ('tcp_keepalives_idle', 5), -- seconds without traffic
                            ('tcp_keepalives_interval', 2), -- seconds between questions
                            ('tcp_user_timeout', 10000) -- milliseconds without an answer
                        ) s (name, value)
                        join pg_settings p on p.name = s.name and p.source = 'default'
                        join pg_roles on rolname = any ('{Literal(AllLoginSchemas.Select(database.RoleOf))}')
                            and not exists (select from unnest(rolconfig) own where starts_with(own, s.name || '='))
                        -- Other systems have none, and say so with each connection.
                        where s.name <> 'tcp_user_timeout' or version() like '%linux%'
                    loop
                        execute format('alter role %I set %I = %s', role.rolname, role.name, role.value);
                    end loop;
                end $$;
                """,
                ct
            );
        }
        catch (RoleRightsException refused)
        {
            say?.Invoke($"A host whose machine is lost may hold up the others for two hours. {refused.Message}");
        }
    }

    private async Task<bool> CanLogInAsync(string schema, CancellationToken ct)
    {
        try
        {
            await using var source = new NpgsqlDataSourceBuilder(
                new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(schema))
                {
                    Pooling = false,
                    Timeout = ForSetup().Timeout,
                }.ConnectionString
            )
            {
                Name = "setup",
            }.Build();
            await using var connection = await source.OpenConnectionAsync(ct);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    private async Task MakeSchemasAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var logins = string.Join(", ", LoginSchemas.Select(database.RoleOf));
        await connection.ExecuteAsync(
            $"""
            do $$ begin execute format('revoke all on database %I from public', current_database());
                        execute format('grant connect on database %I to {logins}, {AuditRole}, {WebRole}',
                            current_database()); end $$;
            revoke all on schema public from public;
            create schema if not exists authority;
            create schema if not exists audit;
            create schema if not exists idempotency;
            create schema if not exists {PracticeDatabase.WebSchema};
            create schema if not exists {PracticeDatabase.MessagingSchema};
            grant usage, create on schema authority to {AuthorityRole};
            grant usage on schema authority, audit, idempotency to {logins};
            grant usage on schema audit to {AuditRole};
            grant usage on schema {PracticeDatabase.WebSchema} to {WebRole};
            """,
            ct
        );
        foreach (var module in modules)
        {
            await connection.ExecuteAsync(
                $"""
                create schema if not exists {module.Schema};
                grant usage on schema {module.Schema} to {database.RoleOf(module.Schema)};
                """,
                ct
            );
        }
    }

    private async Task GrantAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        foreach (var module in modules)
        {
            var role = database.RoleOf(module.Schema);
            string[] functions = [.. AuthorizationFunctions.ForEveryModule, .. module.AuthorityFunctions];
            await connection.ExecuteAsync(
                $"""
                revoke all on all functions in schema authority from {role};
                revoke all on all tables in schema audit, idempotency from {role};
                grant execute on function {string.Join(
                    ", ",
                    functions.Select(function => $"authority.{function}")
                )} to {role};
                grant {(module.ReadsAudit ? "select, insert" : "insert")} on audit.entries to {role};
                grant select (user_id, key, attempt, answers), update (answers) on idempotency.calls to {role};
                grant select, insert, update, delete on all tables in schema {module.Schema} to {role};
                revoke all on {module.Schema}."{HistoryRepository.DefaultTableName}" from {role};
                """,
                ct
            );
        }

        await connection.ExecuteAsync(
            $"""
            grant select on audit.entries to {AuditRole};
            grant select, insert on audit.seals to {AuditRole};
            grant select on audit.removals to {AuditRole};
            grant select, delete on audit.unsealed to {AuditRole};
            grant select, insert, update, delete on web.sessions to {WebRole};
            grant select, insert on web.keys to {WebRole};
            grant select, insert, update, delete on web.drafts to {WebRole};
            """,
            ct
        );

        // The one schema that every role writes: a module's change and its messages are committed together. It adds
        // envelopes and marks the one that it handles (GuardQueuesAsync); what is in them, it does not read.
        var moduleRoles = string.Join(", ", modules.Select(module => database.RoleOf(module.Schema)));
        await connection.ExecuteAsync(
            $"""
            revoke all on all tables in schema {PracticeDatabase.MessagingSchema} from {moduleRoles};
            revoke all on all sequences in schema {PracticeDatabase.MessagingSchema} from {moduleRoles};
            grant usage on schema {PracticeDatabase.MessagingSchema} to {moduleRoles}, {MessagingRole};
            grant insert, select (id, status), update (status, keep_until)
                on {PracticeDatabase.MessagingSchema}.wolverine_incoming_envelopes to {moduleRoles};
            grant insert on {PracticeDatabase.MessagingSchema}.wolverine_outgoing_envelopes to {moduleRoles};
            grant select on {PracticeDatabase.MessagingSchema}.queues to public; -- also earlier releases' roles mark
            grant select, insert, update, delete
                on all tables in schema {PracticeDatabase.MessagingSchema} to {MessagingRole};
            revoke insert, update, delete on {PracticeDatabase.MessagingSchema}.queues,
                {PracticeDatabase.MessagingSchema}.encryption_keys from {MessagingRole};
            grant usage, select, update on all sequences in schema {PracticeDatabase.MessagingSchema}
                to {MessagingRole};
            grant execute on all functions in schema {PracticeDatabase.MessagingSchema} to {MessagingRole};
            grant execute on function authority.authorize, authority.authorize_portal,
                authority.authorize_calendar_feed, authority.act_as_system_for_person,
                authority.current_user_id to {MessagingRole};
            grant select, insert, update, delete on idempotency.calls to {MessagingRole};
            """,
            ct
        );
    }

    /// <summary>What gives the owner the rights that one has who made the roles.</summary>
    private async Task<string> RoleRightsAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        var name = $"\"{new NpgsqlConnectionStringBuilder(database.OwnerConnectionString).Username}\"";
        var rights = $"alter role {name} createrole";
        return await connection.ScalarAsync($"select {SinceMakersRule}", ct) is not true
            ? rights
            : $"{rights}; grant {string.Join(", ", AllLoginSchemas.Select(database.RoleOf))} to {name} "
                + $"with admin true, inherit false, set false; grant {AuthorityRole} to {name} with admin option";
    }

    /// <summary>
    /// Roles belong to the whole server, where another database's setup may be making the same ones right now.
    /// PostgreSQL calls that an internal error ("tuple concurrently updated"), upon which Npgsql gives the connection
    /// up, or a duplicate; it is over in a moment.
    /// </summary>
    /// <exception cref="RoleRightsException">The owner may not.</exception>
    private async Task ExecuteOnServerAsync(NpgsqlDataSource owner, string sql, CancellationToken ct)
    {
        const int tries = 20;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await owner.OpenConnectionAsync(ct);
                await connection.ExecuteAsync(sql, ct);
                return;
            }
            catch (PostgresException meanwhile)
                when (meanwhile.SqlState is PostgresErrorCodes.InternalError or PostgresErrorCodes.UniqueViolation
                    && attempt < tries
                )
            {
                await Task.Delay(Random.Shared.Next(20, 100), ct);
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new RoleRightsException(
                    $"The owner of the database may not change the product's roles ({refused.MessageText}). "
                        + $"As a superuser: {await RoleRightsAsync(owner, ct)}",
                    refused
                );
            }
        }
    }
}

/// <summary>The owner may not change the product's roles. The message tells an operator what to do.</summary>
public sealed class RoleRightsException(string message, Exception refused) : Exception(message, refused);
