using System.IO.Compression;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>
/// <c>backup</c> and <c>restore</c>, run as an operator whose login owns the database and is no superuser.
/// </summary>
public sealed partial class BackupTests
{
    private const string First = "an owner of few words";
    private const string Second = "an owner of other words";

    [Fact]
    public async Task A_restored_database_holds_the_same_rows_and_the_product_goes_on_with_them()
    {
        var (settings, file) = (await NewDatabaseAsync(First), NewFile());
        var demo = await LoadDemoPracticeAsync(settings);
        await using (var host = await StartAsync(settings))
        {
            await RunAsync(settings, "backup", NewFile()); // while it runs
            await host.SignIn(DemoDump.Owner, demo.Password);
            await host.StopAsync();
        }

        await FillEmptyTablesAsync(settings);
        await RunAsync(settings, "backup", file);
        Assert.Equal(0, await RowsHeldByNobodyAsync(settings));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var other = await NewDatabaseAsync(Second);
        other["Audit:SealKey"] = demo.SealKey;
        other["Database:FormerPassword"] = First;
        await RunAsync(other, "restore", file);
        Assert.Equal(0, await RowsHeldByNobodyAsync(other));
        Assert.Equal(await RowsAsync(settings), await RowsAsync(other));
        Assert.Equal(await RightsAsync(settings), await RightsAsync(other));
        Assert.StartsWith("The audit log is intact", await RunAsync(other, "verify-audit"), StringComparison.Ordinal);
        await using var restored = await StartAsync(other);
        var api = await restored.SignIn(DemoDump.Owner, demo.Password);
        var group =
            $"/api/groups/{(await api.Get("/api/groups")).Should(200).Items.Single().GetProperty("id").GetGuid()}";
        Assert.Equal(40, (await api.GetAll($"{group}/patients")).Count);
        (await api.Post($"{group}/locations", new { name = "Third", timeZone = "Europe/Vienna" })).Should(201);
    }

    [Fact]
    public async Task In_a_folder_a_backup_is_named_after_its_time_and_the_newest_stay()
    {
        var (settings, folder) = (await NewDatabaseAsync(First), Path.GetDirectoryName(NewFile())!);
        await RunAsync(settings, "migrate");
        string[] others = ["practice-20261130T023000Z.backup.age", "notes.txt", "practice-2026-11-30.backup"];
        string[] older = ["practice-20261130T023000Z.backup", "practice-20261129T023000Z.backup"];
        foreach (var name in others.Concat(older))
            await File.WriteAllTextAsync(Path.Combine(folder, name), "");
        var killed = Path.Combine(folder, $"practice-20261128T023000Z.backup.{Guid.NewGuid():n}.partial");
        await File.WriteAllTextAsync(killed, "");
        File.SetLastWriteTimeUtc(killed, DateTime.UtcNow.AddDays(-2));

        await RunAsync(settings, "backup", folder);
        Assert.Equal(6, Directory.EnumerateFiles(folder).Count());
        settings["Backup:Keep"] = "2";
        await RunAsync(settings, "backup", folder);

        var left = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Except(others).ToArray();
        Assert.Equal(2, left.Length);
        Assert.Empty(left.Intersect(older));
        Assert.All(left, name => Assert.Matches(@"^practice-\d{8}T\d{6}Z\.backup$", name));
        Assert.All(others, name => Assert.True(File.Exists(Path.Combine(folder, name)), name));
        await RunAsync(await NewDatabaseAsync(First), "restore", Path.Combine(folder, left.Max()!));
    }

    [Fact]
    public async Task What_cannot_be_restored_is_refused_and_nothing_is_left_half_done()
    {
        var (settings, file) = (await NewDatabaseAsync(First), NewFile());
        await RunAsync(settings, "migrate");
        await RunAsync(settings, "backup", file);
        Assert.Contains(
            "could not be written",
            await FailAsync(settings, "backup", Path.Combine(Path.GetDirectoryName(file)!, "nowhere", "it")),
            StringComparison.Ordinal
        );
        Assert.Contains("exists", await FailAsync(settings, "backup", file), StringComparison.Ordinal);
        Assert.Contains("not empty", await FailAsync(settings, "restore", file), StringComparison.Ordinal);

        var other = await NewDatabaseAsync(First);
        Assert.Contains("does not exist", await FailAsync(other, "restore", NewFile()), StringComparison.Ordinal);
        var unreadable = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}"); // by root, too; a socket's is short
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(unreadable));
        Assert.Contains("could not be read", await FailAsync(other, "restore", unreadable), StringComparison.Ordinal);
        var text = NewFile();
        await File.WriteAllTextAsync(text, "no archive");
        Assert.Contains("is not a backup", await FailAsync(other, "restore", text), StringComparison.Ordinal);
        Change(file, "manifest.json", manifest => manifest.Replace("groups/2", "groups/3", StringComparison.Ordinal));
        Assert.Contains("another release", await FailAsync(other, "restore", file), StringComparison.Ordinal);
        Change(file, "manifest.json", manifest => manifest.Replace("groups/3", "groups/2", StringComparison.Ordinal));
        Change(file, "tables/messaging.encryption_keys", rows => rows + rows);
        Assert.Contains("damaged", await FailAsync(other, "restore", file), StringComparison.Ordinal);
        // While rows are restored, no `migrate` takes the database for one that is set up.
        var sql = new Sql(other["ConnectionStrings:Practice"]!);
        Assert.Null(await sql.Scalar<string>("select obj_description('messaging'::regnamespace, 'pg_namespace')"));
    }

    /// <summary>A table that somebody reads holds the backup up, between what it does to the others.</summary>
    [Fact]
    public async Task A_backup_that_is_killed_leaves_no_table_open_to_its_owner()
    {
        var settings = await NewDatabaseAsync(First);
        await RunAsync(settings, "migrate");
        await using (var reader = new NpgsqlConnection(settings["ConnectionStrings:Practice"]))
        {
            await reader.OpenAsync();
            await using var reads = await reader.BeginTransactionAsync();
            await using var lockTable = new NpgsqlCommand(
                "lock table webhooks.webhooks in access share mode",
                reader,
                reads
            );
            await lockTable.ExecuteNonQueryAsync();
            await HostProcess.KillWhenAsync(
                async () => await RowsHeldByNobodyAsync(settings) > 3,
                settings,
                "backup",
                NewFile()
            );
        }

        Assert.NotEqual(0, await RowsHeldByNobodyAsync(settings));
        var check = (await RunAsync(settings, "check")).Split('\n');
        Assert.Contains(check, line =>
            line.StartsWith("ok      row security   forced again on", StringComparison.Ordinal)
        );
        Assert.Equal(0, await RowsHeldByNobodyAsync(settings));

        await new Sql(settings["ConnectionStrings:Practice"]!).Execute(
            "alter table groups.memberships no force row level security"
        );
        settings["ASPNETCORE_ENVIRONMENT"] = "Production"; // where only `migrate` sets up
        await RunAsync(settings, "dead-letters", "list");
        Assert.Equal(0, await RowsHeldByNobodyAsync(settings));
    }

    /// <summary>
    /// The database of the newest release that was kept: its demo practice, with this deployment's names of roles.
    /// </summary>
    private static async Task<DemoDump> LoadDemoPracticeAsync(Deployment settings)
    {
        var dump = await DemoDump.ReadAsync(DemoDump.Releases().Last());
        Assert.Equal(First, dump.OwnersPassword);
        var (login, prefix) = (settings.Login, settings["Database:RolePrefix"]);
        var sql = NamesOfRoles().Replace(dump.Sql, $"{prefix}_$1");
        var asOwner = new Sql(settings["ConnectionStrings:Practice"]!);
        foreach (var role in CreatedRoles().Matches(sql).Select(match => match.Value))
            await asOwner.Execute(role);
        await settings.Superuser.Execute(DumpsOwner().Replace(sql, $"$1 {login}"));
        settings["Audit:SealKey"] = dump.SealKey;
        return dump;
    }

    [GeneratedRegex(@"\bpractice_(audit|authority|groups|locations|messaging|portal|users|web|webhooks)\b")]
    private static partial Regex NamesOfRoles();

    [GeneratedRegex("(?<=begin )create role [a-z0-9_]+ (no)?login(?=;)")]
    private static partial Regex CreatedRoles();

    [GeneratedRegex(@"\b(TO|FROM|FOR ROLE|GRANTED BY) CURRENT_USER\b")]
    private static partial Regex DumpsOwner();

    /// <summary>
    /// Gives each empty table a row, with text and bytes that a careless copy would change. Not the audit's: its chain
    /// would be broken.
    /// </summary>
    private static async Task FillEmptyTablesAsync(Deployment settings)
    {
        await settings.Superuser.Execute(
            $$"""
            do $$ declare t record; has_rows boolean; begin
                perform set_config('session_replication_role', 'replica', true); -- no triggers
                for t in
                    select c.oid::regclass as name, string_agg(quote_ident(a.attname), ', ') as columns,
                        string_agg(case
                            when k.confrelid is not null then format('(select %I from %s order by ctid limit 1)', (
                                select attname from pg_attribute where attrelid = k.confrelid
                                    and attnum = k.confkey[array_position(k.conkey, a.attnum)]), k.confrelid::regclass)
                            when y.typname = 'uuid' then 'gen_random_uuid()'
                            when y.typname = 'bool' then 'false'
                            when y.typname = 'bytea' then $q$'\x00ff5c0a'$q$
                            when y.typname = 'jsonb' then $q$'{"a": "\t\\"}'$q$
                            when y.typname in ('text', 'varchar') then format('left(%L, %s)', E'a\tb\\N\r\n"é" ',
                                case when a.atttypmod > 4 then a.atttypmod - 4 else 100 end)
                            when y.typcategory = 'N' then '1'
                            when y.typcategory = 'D' then format('now()::%I', y.typname)
                            when y.typcategory = 'T' then $q$'1 day'$q$
                            else $q$'{}'$q$ end, ', ') as row
                    from pg_class c
                    join pg_attribute a on a.attrelid = c.oid
                        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                    join pg_type y on y.oid = a.atttypid
                    left join lateral (select * from pg_constraint where conrelid = c.oid and contype = 'f'
                        and a.attnum = any (conkey) order by oid limit 1) k on true
                    where {{TablesInBackup}} and c.relnamespace <> 'audit'::regnamespace
                    group by c.oid
                    order by count(k.oid) -- those that others refer to come first
                loop
                    execute format('select exists (select from %s)', t.name) into has_rows;
                    if not has_rows then
                        execute format('insert into %s (%s) overriding system value values (%s)',
                            t.name, t.columns, t.row);
                    end if;
                end loop;
            end $$;
            """
        );
    }

    /// <summary>Without Wolverine's for other brokers: there is none, and a row would have to be a real one.</summary>
    private static readonly string TablesInBackup = $"""
        c.relkind = 'r' and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
            and c.relname not in ('__EFMigrationsHistory', 'wolverine_outgoing_envelopes')
            and c.oid::regclass::text not in ('{string.Join("', '", DatabaseBackup.LeftOut)}')
        """;

    /// <summary>Of each table the number of its rows and a hash of all that they hold; where sequences are.</summary>
    private static async Task<string[]> RowsAsync(Deployment settings)
    {
        var query = await settings.Superuser.Scalar<string>(
            $$"""
            select string_agg(format('select %1$L, count(*), md5(string_agg(r, chr(10) order by r collate "C"))
                from (select (to_jsonb(t) - %2$L)::text as r from %1$s t) s', c.oid::regclass,
                -- encrypted for the owner's password, which is another one
                case when c.oid = 'messaging.encryption_keys'::regclass then 'encrypted' else '' end), ' union all ')
                || $$ union all select schemaname || '.' || sequencename, 1, last_value::text from pg_sequences $$
            from pg_class c where {{TablesInBackup}}
            """
        );
        string[] rows =
        [
            .. (await settings.Superuser.Rows(query!))
                .Select(row => $"{row[0]}: {row[1]} rows, {row[2]}")
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(rows.Length > 80, $"Only {rows.Length} tables were compared.");
        Assert.All(DatabaseBackup.LeftOut, table => Assert.StartsWith("messaging.", table, StringComparison.Ordinal));
        Assert.DoesNotContain(rows, row =>
            row.Contains(": 0 rows", StringComparison.Ordinal) && !row.StartsWith("audit.", StringComparison.Ordinal)
        );
        return rows;
    }

    private static void Change(string file, string entry, Func<string, string> change)
    {
        using var archive = ZipFile.Open(file, ZipArchiveMode.Update);
        using var stream = archive.GetEntry(entry)!.Open();
        using var reader = new StreamReader(stream);
        var text = change(reader.ReadToEnd());
        stream.SetLength(0);
        using var writer = new StreamWriter(stream);
        writer.Write(text);
    }

    /// <summary>How many tables with row-level security do not hold their owner.</summary>
    private static Task<long> RowsHeldByNobodyAsync(Deployment settings) =>
        new Sql(settings["ConnectionStrings:Practice"]!).Scalar<long>(
            "select count(*) from pg_class where relrowsecurity and not relforcerowsecurity"
        );

    /// <summary>Who owns what and may use it, and what policies and triggers do, for any names of roles.</summary>
    private static async Task<string[]> RightsAsync(Deployment settings)
    {
        var rows = await settings.Superuser.Rows(
            """
            with own as (
                select oid, oid::regnamespace as name, nspowner as owner,
                    coalesce(nspacl, acldefault('n', nspowner)) as acl
                from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
            ), things as (
                select 'schema ' || name as thing, owner, acl from own
                union all
                select format('%s %s rls %s %s', case relkind when 'S' then 'sequence' else 'table' end,
                    c.oid::regclass, relrowsecurity, relforcerowsecurity), relowner,
                    coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))
                from pg_class c join own on own.oid = relnamespace where relkind in ('r', 'p', 'v', 'S')
                union all
                select format('column %s.%I', attrelid::regclass, attname), relowner, attacl
                from pg_attribute join pg_class c on c.oid = attrelid join own on own.oid = relnamespace
                where attacl is not null
                union all
                select format('function %s definer %s %s %s', f.oid::regprocedure, prosecdef, proconfig, md5(prosrc)),
                    proowner, coalesce(proacl, acldefault('f', proowner))
                from pg_proc f join own on own.oid = pronamespace
            )
            select format('%s owner %s: %s', thing, owner::regrole, array(
                select format('%s %s %s', case grantee when 0 then 'public' else grantee::regrole::text end,
                    privilege_type, is_grantable)
                from aclexplode(acl) order by 1))
            from things
            union all
            select format('policy %s %s %s %s using %s check %s to %s', polrelid::regclass, polname, polcmd,
                polpermissive, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid),
                array(select case r when 0 then 'public' else r::regrole::text end from unnest(polroles) r order by 1))
            from pg_policy
            union all
            select format('trigger %s %s %s', tgrelid::regclass, tgenabled, pg_get_triggerdef(oid))
            from pg_trigger where not tgisinternal
            order by 1
            """
        );
        string[] rights =
        [
            .. rows.Select(row =>
                ((string)row[0]!)
                    .Replace(settings["Database:RolePrefix"]!, "PREFIX", StringComparison.Ordinal)
                    .Replace(settings.Login, "OWNER", StringComparison.Ordinal)
            ),
        ];
        foreach (var kind in (string[])["schema", "table", "column", "function", "policy", "trigger"])
            Assert.Contains(rights, right => right.StartsWith($"{kind} ", StringComparison.Ordinal));
        Assert.Contains(rights, right => right.Contains(" check (", StringComparison.Ordinal));
        return rights;
    }

    private static string NewFile() =>
        Path.Combine(Directory.CreateDirectory(TestFolder.New("backup")).FullName, "practice.backup");

    private static Task<HostProcess> StartAsync(Deployment settings) =>
        HostProcess.StartAsync(settings["Data:Directory"]!, settings);

    private static async Task<string> RunAsync(Deployment settings, params string[] command)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(settings, command);
        Assert.True(errors.Length == 0, errors);
        Assert.Equal(0, exitCode);
        return output;
    }

    private static async Task<string> FailAsync(Deployment settings, params string[] command)
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync(settings, command);
        Assert.Equal(1, exitCode);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<Deployment> NewDatabaseAsync(string password)
    {
        var (superuser, login, connectionString) = await TestServer.NewOwnedDatabaseAsync(password);
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database;
        var data = TestFolder.New("data");
        return new(superuser, login)
        {
            ["ConnectionStrings:Practice"] = connectionString,
            ["Database:RolePrefix"] = $"practice_{database}",
            ["Data:Directory"] = data,
            ["Mail:PickupDirectory"] = Path.Combine(data, "mail"), // a published host is in Production
            ["PublicUrl"] = "https://practice.test",
        };
    }

    /// <summary>The settings of an operator, and beside them a superuser, whom no row-level security holds.</summary>
    private sealed class Deployment(Sql superuser, string login) : Dictionary<string, string?>
    {
        public Sql Superuser => superuser;

        public string Login => login;
    }
}
