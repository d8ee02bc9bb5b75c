using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Practice.Host.Commands;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>Each line of the command <c>check</c> fails where what it looks at is not right, and says why.</summary>
public sealed class CheckTests
{
    /// <summary>The start refuses each of them, and has one line for all.</summary>
    [Fact]
    public async Task Settings_that_the_start_refuses()
    {
        var file = await NewFileAsync();
        var (exitCode, output, errors) = await HostProcess.RunAsync(
            new Dictionary<string, string?>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings:Practice"] = await TestServer.NewDatabaseAsync(),
                ["Data:Directory"] = TestFolder.New("data"),
                ["Files:Directory"] = file,
                ["Mail:Smtp:Port"] = "0",
                ["Mail:PickupDirectory"] = TestFolder.New("mail"),
            },
            "check"
        );

        Assert.Equal((1, ""), (exitCode, errors));
        var failures = FailuresIn(output);
        Assert.Equal(["configuration", "files", "mail"], failures.Keys.Order());
        Assert.StartsWith(
            "PublicUrl is missing: links in mails start with it.",
            failures["configuration"],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Files:Directory must be the full path of a directory that the host may write to.",
            failures["configuration"],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Mail:Smtp:Port must be from 1 to 65535, but is 0.",
            failures["configuration"],
            StringComparison.Ordinal
        );
        Assert.StartsWith($"nothing can be written to {file}: ", failures["files"], StringComparison.Ordinal);
        Assert.Equal("Mail:Smtp:Port must be from 1 to 65535, but is 0.", failures["mail"]);
    }

    /// <summary>The test's server has no TLS.</summary>
    [Fact]
    public async Task A_database_that_cannot_be_reached_as_the_connection_string_demands()
    {
        await using var app = await TestApp.StartAsync();
        await using var demanding = TestServer.DatabaseAt($"{app.ConnectionString};SSL Mode=Require");

        var failed = await FailuresAsync(app, database: demanding);
        Assert.StartsWith(
            "ConnectionStrings:Practice: could not connect to the database: ",
            failed["database"],
            StringComparison.Ordinal
        );
        Assert.Contains("SSL", failed["database"], StringComparison.Ordinal);
        Assert.Contains("SSL", failed["logins"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes()
    {
        await using var app = await TestApp.StartAsync();
        await app.Owner.Execute($"alter database {NameOf(app)} set default_transaction_read_only = on");
        NpgsqlConnection.ClearAllPools();

        Assert.Equal(
            "takes no writes: it is a standby, or set to read-only",
            (await FailuresAsync(app, only: "database"))["database"]
        );
    }

    [Fact]
    public async Task Logins_that_lack_a_right_until_migrate_gives_it()
    {
        await using var app = await TestApp.StartAsync();
        await app.Owner.Execute($"revoke connect on database {NameOf(app)} from practice_webhooks");
        await app.Owner.Execute("revoke usage on schema locations from practice_locations");
        await app.Owner.Execute("revoke select on web.drafts from practice_web");

        Assert.Equal(
            "practice_locations may not read locations.locations; "
                + $"practice_webhooks cannot log in (permission denied for database \"{NameOf(app)}\"); "
                + "practice_web may not read web.drafts: run the command `migrate`, which gives roles their passwords "
                + "and rights",
            (await FailuresAsync(app, only: "logins"))["logins"]
        );

        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(app.ConnectionString), CancellationToken.None);
        await FailuresAsync(app, only: null);
    }

    /// <summary>As after a change of the owner's password, when <c>migrate</c> was not told the old one.</summary>
    [Fact]
    public async Task An_encryption_key_of_another_password()
    {
        await using var app = await TestApp.StartAsync();
        await app.Owner.Execute(
            """
            insert into messaging.encryption_keys (id, encrypted, used_from)
            select 'of another', sha256(encrypted), used_from from messaging.encryption_keys
            """
        );

        Assert.StartsWith(
            "1 of 2 encryption keys cannot be opened: the owner had another password when it was made. "
                + "Set Database:FormerPassword to that one",
            (await FailuresAsync(app, only: "encryption"))["encryption"],
            StringComparison.Ordinal
        );
    }

    /// <summary>The tables belong to somebody else, as after a restore by hand.</summary>
    [Fact]
    public async Task Row_security_that_cannot_be_forced()
    {
        await using var app = await TestApp.StartAsync();
        var owner = new NpgsqlConnectionStringBuilder(app.ConnectionString);
        var login = $"no_owner_of_{NameOf(app)}";
        await app.Owner.Execute($"create role {login} login password '{owner.Password}'");
        await app.Owner.Execute($"grant connect on database {NameOf(app)} to {login}");
        await app.Owner.Execute($"grant usage on schema groups to {login}");
        await app.Owner.Execute("alter table groups.memberships no force row level security");
        owner.Username = login;
        await using var database = TestServer.DatabaseAt(owner.ConnectionString);

        Assert.Equal(
            "ConnectionStrings:Practice: the database reports: must be owner of table memberships.",
            (await FailuresAsync(app, database: database))["row security"]
        );
    }

    [Fact]
    public async Task A_clock_that_is_not_the_databases()
    {
        await using var app = await TestApp.StartAsync();
        await FailuresAsync(app, only: null);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Matches(
            "^differs from the database's by (59|60) seconds: synchronise both$",
            (await FailuresAsync(app, only: "clock"))["clock"]
        );
    }

    [Fact]
    public async Task A_folder_that_nothing_can_be_written_to()
    {
        await using var app = await TestApp.StartAsync();
        var file = await NewFileAsync();

        Assert.StartsWith(
            $"nothing can be written to {file}: ",
            (await FailuresAsync(app, dataDirectory: file, only: "disk"))["disk"],
            StringComparison.Ordinal
        );

        // With a database server and a mail server, nothing is written there.
        await FailuresAsync(app, dataDirectory: file, mailServer: "mail.practice.test", only: null);

        // As the root of a container is: it is there, and nobody may write.
        if (OperatingSystem.IsLinux())
            Assert.StartsWith(
                "nothing can be written to /proc: ",
                (await FailuresAsync(app, dataDirectory: "/proc", only: "disk"))["disk"],
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task A_disk_with_little_room()
    {
        var files = TestFolder.New("files");
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Files:Directory"] = files } }
        );

        var failed = await FailuresAsync(app, leastFreeBytes: long.MaxValue);
        Assert.Equal(["disk", "files"], failed.Keys.Order());
        Assert.All(failed.Values, text =>
            Assert.Matches(@"^only \d+\.\d GB are free at \S+: 9223372036\.9 GB are needed$", text)
        );
        Assert.Contains(files, failed["files"], StringComparison.Ordinal);

        // Files go there beside a database server and a mail server, too; a disk may become read-only under a host.
        Directory.Delete(files);
        await File.WriteAllTextAsync(files, "");
        Assert.StartsWith(
            $"nothing can be written to {files}: ",
            (await FailuresAsync(app, mailServer: "mail.practice.test", only: "files"))["files"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_folder_for_mails_that_nothing_can_be_written_to()
    {
        var file = await NewFileAsync();
        await using var app = await TestApp.StartAsync(new() { MailDirectory = file });

        Assert.StartsWith(
            $"nothing can be written to {file}: ",
            (await FailuresAsync(app, only: "mail"))["mail"],
            StringComparison.Ordinal
        );
    }

    private static async Task<string> NewFileAsync()
    {
        var folder = Directory.CreateDirectory(TestFolder.New("data"));
        var file = Path.Combine(folder.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        return file;
    }

    private static string NameOf(TestApp app) => new NpgsqlConnectionStringBuilder(app.ConnectionString).Database!;

    /// <summary>What the lines that failed say, by their names.</summary>
    /// <param name="only">The one that fails, null for none; not compared where it is left out.</param>
    private static async Task<Dictionary<string, string>> FailuresAsync(
        TestApp app,
        PracticeDatabase? database = null,
        string? dataDirectory = null,
        string? mailServer = null,
        string? only = "",
        long leastFreeBytes = 0
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["ConnectionStrings:Practice"] = app.ConnectionString,
                    ["Data:Directory"] = dataDirectory ?? TestFolder.New("data"),
                    ["Mail:Smtp:Host"] = mailServer,
                }
            )
            .Build();
        var console = new StringWriter();
        await using var own = TestServer.DatabaseAt(app.ConnectionString);
        var exitCode = await new CheckCommand(
            app.Services,
            HostSettings.Read(configuration),
            database ?? own,
            console,
            leastFreeBytes
        ).RunAsync();

        var failures = FailuresIn(console.ToString());
        Assert.Equal(failures.Count > 0 ? 1 : 0, exitCode);
        if (only != "")
            Assert.Equal(only is null ? [] : [only], failures.Keys);
        return failures;
    }

    private static Dictionary<string, string> FailuresIn(string output)
    {
        var lines = output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(10, lines.Length);
        return lines
            .Select(line => Regex.Match(line, "^(ok|FAILED) +(?<name>[a-z]+( [a-z]+)?) +(?<text>.+)$"))
            .Where(line => line.Groups[1].Value == "FAILED")
            .ToDictionary(line => line.Groups["name"].Value, line => line.Groups["text"].Value);
    }
}
