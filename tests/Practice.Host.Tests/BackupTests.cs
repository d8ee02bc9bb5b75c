using System.IO.Compression;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>
/// <c>backup</c> and <c>restore</c>, run as an operator whose login owns the database and is no superuser.
/// </summary>
public sealed class BackupTests
{
    private const string First = "an owner of few words";
    private const string Second = "an owner of other words";

    [Fact]
    public async Task A_restored_database_holds_the_same_rows_and_the_product_goes_on_with_them()
    {
        var (settings, file) = (await NewDatabaseAsync(First), NewFile());
        string email,
            password,
            group;
        await using (var host = await StartAsync(settings))
        {
            var person = await host.SignUpAndConfirm();
            group = (await person.CreatesGroup()).Path;
            (email, password) = (person.Email, person.Password);
            await RunAsync(settings, "backup", NewFile()); // while it runs
            (await person.Api.Get($"{group}/locations")).Should(200);
            await host.StopAsync();
        }

        await RunAsync(settings, "backup", file);
        Assert.Equal(0, await RowsHeldByNobodyAsync(settings));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var other = await NewDatabaseAsync(Second);
        other["Database:FormerPassword"] = First;
        await RunAsync(other, "restore", file);
        Assert.Equal(0, await RowsHeldByNobodyAsync(other));
        var again = NewFile();
        await RunAsync(other, "backup", again);
        Assert.Equal(TablesOf(file), TablesOf(again));
        Assert.Equal(await RightsAsync(settings), await RightsAsync(other));
        Assert.StartsWith("The audit log is intact", await RunAsync(other, "verify-audit"), StringComparison.Ordinal);
        await using var restored = await StartAsync(other);
        var api = await restored.SignIn(email, password);
        Assert.Single((await api.Get($"{group}/locations")).Should(200).Items);
        (await api.Post($"{group}/locations", new { name = "Second", timeZone = "Europe/Vienna" })).Should(201);
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

    private static Dictionary<string, string> TablesOf(string file)
    {
        using var archive = ZipFile.OpenRead(file);
        using var stream = archive.GetEntry(BackupManifest.EntryName)!.Open();
        return JsonSerializer
            .Deserialize<BackupManifest>(stream)!
            .Tables.Where(table => table.Name != "messaging.encryption_keys") // encrypted for another owner's password
            .ToDictionary(table => table.Name, table => $"{table.Rows} {table.Sha256}");
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
    private static Task<long> RowsHeldByNobodyAsync(Dictionary<string, string?> settings) =>
        new Sql(settings["ConnectionStrings:Practice"]!).Scalar<long>(
            "select count(*) from pg_class where relrowsecurity and not relforcerowsecurity"
        );

    /// <summary>Policies, and of tables and functions the owner and who may use them, for any names of roles.</summary>
    private static async Task<string[]> RightsAsync(Dictionary<string, string?> settings)
    {
        var rows = await new Sql(settings["ConnectionStrings:Practice"]!).Rows(
            """
            select format('policy %s %s %s %s %s', polrelid::regclass, polname, polcmd,
                pg_get_expr(polqual, polrelid), array(select r::regrole::text from unnest(polroles) r order by 1))
            from pg_policy
            union all
            select format('table %s %s %s', oid::regclass, relowner::regrole, relacl) from pg_class
            where relkind = 'r' and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
            union all
            select format('function %s %s %s', oid::regprocedure, proowner::regrole, proacl) from pg_proc
            where pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
            order by 1
            """
        );
        var login = new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:Practice"]).Username!;
        string[] rights =
        [
            .. rows.Select(row =>
                ((string)row[0]!)
                    .Replace(settings["Database:RolePrefix"]!, "PREFIX", StringComparison.Ordinal)
                    .Replace(login, "OWNER", StringComparison.Ordinal)
            ),
        ];
        Assert.True(rights.Length > 100);
        return rights;
    }

    private static string NewFile() =>
        Path.Combine(Directory.CreateDirectory(TestFolder.New("backup")).FullName, "practice.backup");

    private static Task<HostProcess> StartAsync(Dictionary<string, string?> settings) =>
        HostProcess.StartAsync(settings["Data:Directory"]!, settings);

    private static async Task<string> RunAsync(Dictionary<string, string?> settings, params string[] command)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(settings, command);
        Assert.True(errors.Length == 0, errors);
        Assert.Equal(0, exitCode);
        return output;
    }

    private static async Task<string> FailAsync(Dictionary<string, string?> settings, params string[] command)
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync(settings, command);
        Assert.Equal(1, exitCode);
        return Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<Dictionary<string, string?>> NewDatabaseAsync(string password)
    {
        var superuser = new NpgsqlConnectionStringBuilder(await TestServer.NewEmptyDatabaseAsync());
        var login = $"owner_of_{superuser.Database}";
        var sql = new Sql(superuser.ConnectionString);
        await sql.Execute($"create role {login} login createrole password '{password}'");
        await sql.Execute($"alter database {superuser.Database} owner to {login}");
        superuser.Username = login;
        superuser.Password = password;
        var data = TestFolder.New("data");
        return new()
        {
            ["ConnectionStrings:Practice"] = superuser.ConnectionString,
            ["Database:RolePrefix"] = $"practice_{superuser.Database}",
            ["Data:Directory"] = data,
            ["Mail:PickupDirectory"] = Path.Combine(data, "mail"), // a published host is in Production
            ["PublicUrl"] = "https://practice.test",
        };
    }
}
