using System.Globalization;
using System.Text.RegularExpressions;
using Practice.Shared.Persistence;

namespace Practice.Host.Tests;

/// <summary>The host's commands, each run in its own process as an operator runs it.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serve")]
    [InlineData("migrat")]
    [InlineData("codegen")]
    [InlineData("storage")]
    [InlineData("dead-letters")]
    [InlineData("storage replay")] // until release 0.2
    [InlineData("storage clear")] // Wolverine has this command; it deletes every message
    public async Task An_unknown_command_exits_with_1_and_one_line_that_lists_the_commands(string command)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(NoSettings, command.Split(' '));

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        var line = Assert.Single(Lines(errors));
        Assert.StartsWith($"Unknown command: {command}.", line, StringComparison.Ordinal);
        Assert.All(Commands, known => Assert.Contains(known, line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--RateLimits:PerMinute=0 help")]
    [InlineData("--RateLimits:PerMinute 0 help")]
    [InlineData("-- help")]
    public async Task Help_lists_one_command_a_line(string arguments)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(NoSettings, arguments.Split(' '));

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        var commands = Lines(output).SkipWhile(line => line != "Commands:").Skip(1);
        Assert.Equal(
            Commands,
            commands.Select(line =>
                Regex.Match(line, @"^  ([a-z-]+( [a-z-]+)*)( (FILE|ID|DATE)\S*)? {2,}[A-Z].*\.$").Groups[1].Value
            )
        );
    }

    [Fact]
    public async Task Health_tells_whether_the_host_that_listens_there_is_ready()
    {
        var app = await TestApp.StartedAsync();
        var there = await HostProcess.RunAsync(At($"{app.Url}"), "health");
        Assert.Equal((0, $"{app.Url}health/ready: 200"), (there.ExitCode, there.Output.Trim()));
        Assert.Equal(1, (await HostProcess.RunAsync(At("http://127.0.0.1:1"), "health")).ExitCode);

        // It reads the files that the host reads.
        var environment = $"Health{Guid.NewGuid():n}";
        var file = Path.Combine(HostProcess.Folder, $"appsettings.{environment}.json");
        await File.WriteAllTextAsync(
            file,
            $$"""{ "Kestrel": { "Endpoints": { "Http": { "Url": "{{app.Url}}" } } } }"""
        );
        try
        {
            var settings = At("http://127.0.0.1:1");
            settings["ASPNETCORE_ENVIRONMENT"] = environment;
            Assert.Equal(0, (await HostProcess.RunAsync(settings, "health")).ExitCode);
        }
        finally
        {
            File.Delete(file);
        }

        static Dictionary<string, string?> At(string url) => new() { ["ASPNETCORE_URLS"] = url };
    }

    [Fact]
    public async Task Describe_lists_the_message_handlers_and_shows_no_secret()
    {
        const string Secret = "QSByYW5kb20ga2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMh";
        var settings = new Dictionary<string, string?>(await NewDatabaseAsync()) { ["Audit:SealKey"] = Secret };

        var (exitCode, output, errors) = await HostProcess.RunAsync(settings, "describe");

        Assert.Equal("", errors);
        Assert.True(exitCode == 0, output);
        Assert.Contains("DeliverMail", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[..8], output, StringComparison.Ordinal);
        Assert.DoesNotContain("SealKey", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Commands_work_in_a_deployment_too()
    {
        var settings = new Dictionary<string, string?>(await NewDatabaseAsync())
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["PublicUrl"] = "https://practice.test",
        };

        Assert.Equal(0, await CountDeadLettersAsync(settings));
        Assert.Equal(["No message has failed."], Lines(await RunAsync(settings, "dead-letters", "list")));
        Assert.Equal(["0 deleted."], Lines(await RunAsync(settings, "dead-letters", "discard", "all")));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("dead-letters show")]
    [InlineData("dead-letters replay all now")]
    [InlineData("backup --PublicUrl=x")]
    [InlineData("migrate backup")]
    [InlineData("-- verify-audit all")]
    public async Task A_command_without_its_argument_or_with_more_shows_its_usage(string command)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(NoSettings, command.Split(' '));

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.StartsWith("Usage: ", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    /// <summary>It would be read as a setting, and the host would start.</summary>
    [Theory]
    [InlineData("--migrate")]
    [InlineData("--backup=file")]
    [InlineData("migrate --check")]
    public async Task A_command_written_as_a_setting_is_refused(string arguments)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(NoSettings, arguments.Split(' '));

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Contains("A command is written without dashes", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_messages_are_listed_shown_replayed_and_discarded()
    {
        var settings = await NewDatabaseAsync();
        await using var app = await TestApp.StartAsync(
            new() { ConnectionString = settings["ConnectionStrings:Practice"] }
        );
        await app.Owner.Execute(
            """
            create function public.fail() returns trigger language plpgsql as
                $$ begin raise exception 'this message fails'; end $$;
            create trigger fail before insert on users.links for each row execute function public.fail();
            """
        );
        string[] emails = [People.NewEmail(), People.NewEmail()];
        foreach (var email in emails)
            (
                await app.Api.Post(
                    "/api/users/sign-up",
                    new
                    {
                        firstName = "Ada",
                        lastName = "Moss",
                        email,
                        password = "a long enough password",
                    }
                )
            ).Should(201);
        await Eventually.Is(async () => await DeadAsync() == 2);
        await app.Owner.Execute("drop trigger fail on users.links");
        Assert.Equal(2, await CountDeadLettersAsync(settings));

        var listed = Lines(await RunAsync(settings, "dead-letters", "list"));
        Assert.Equal(3, listed.Length);
        Assert.Equal("2 in all.", listed[^1]);
        var id = listed[0][..36];
        var shown = await RunAsync(settings, "dead-letters", "show", id);
        Assert.Contains("DeliverMail", shown, StringComparison.Ordinal);
        Assert.Contains("DbUpdateException", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("practice.test", shown, StringComparison.Ordinal); // nobody's address
        var why = await app.Owner.Scalar<string>(
            "select exception_message from messaging.wolverine_dead_letters where id = $1",
            Guid.Parse(id)
        );
        Assert.NotEmpty(why!);
        Assert.DoesNotContain(why!, shown, StringComparison.Ordinal); // it may name somebody

        Assert.Equal(["1 deleted."], Lines(await RunAsync(settings, "dead-letters", "discard", id)));
        Assert.Equal(1, await DeadAsync());
        var (exitCode, _, errors) = await HostProcess.RunAsync(settings, "dead-letters", "replay", id);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("No failed message has the id", errors, StringComparison.Ordinal);
        Assert.StartsWith(
            "1 marked",
            await RunAsync(settings, "dead-letters", "replay", "all"),
            StringComparison.Ordinal
        );
        await Eventually.Is(async () => await DeadAsync() == 0);
        await Eventually.Is(() => Task.FromResult(emails.Sum(email => app.Mail.To(email).Count) == 1));

        Task<long> DeadAsync() => app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters");
    }

    [Fact]
    public async Task Check_has_a_line_for_each_thing_and_fails_where_one_is_not_right()
    {
        var settings = await NewDatabaseAsync();
        Assert.All(Lines(await RunAsync(settings, "check")), line =>
            Assert.StartsWith("ok ", line, StringComparison.Ordinal)
        );

        await new Sql(settings["ConnectionStrings:Practice"]!).Execute(
            """delete from locations."__EFMigrationsHistory" """
        );
        settings["Mail:Smtp:Host"] = "127.0.0.1";
        settings["Mail:Smtp:Port"] = "1"; // nobody listens there
        settings["Mail:From"] = "practice@practice.test";
        var (exitCode, output, _) = await HostProcess.RunAsync(settings, "check");
        Assert.Equal(1, exitCode);
        Assert.Equal(
            ["migrations", "mail"],
            Lines(output)
                .Where(line => line.StartsWith("FAILED", StringComparison.Ordinal))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1])
        );
    }

    [Fact]
    public async Task The_access_log_loses_what_is_older_than_a_day_seven_years_ago()
    {
        await using var app = await TestApp.StartAsync();
        var now = DateTimeOffset.UtcNow;
        DateTimeOffset[] times = [now.AddYears(-9), now.AddYears(-8), now.AddYears(-7).AddDays(1), now];
        foreach (var at in times)
            await app.Owner.Execute(
                """
                insert into portal.receipts (id, account_id, practice_name, at, user_id, user_name, authority, opened)
                values ($1, $2, 'Harbour Street', $3, $2, 'Ines Vale', 'self', 'appointments')
                """,
                Guid.CreateVersion7(at),
                Guid.NewGuid(),
                at
            );
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Practice"] = app.ConnectionString,
            ["Database:RolePrefix"] = PracticeDatabase.EarlierRolePrefix,
        };

        Assert.Equal(
            "0 entries from before 2001-01-01 are removed.\n",
            await RunAsync(settings, "remove-access-log", "2001-01-01")
        );
        var day = now.AddYears(-7).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Equal($"2 entries from before {day} are removed.\n", await RunAsync(settings, "remove-access-log", day));
        Assert.Equal(2, await app.Owner.Scalar<long>("select count(*) from portal.receipts"));
        Assert.True(
            await app.Owner.Scalar<bool>(
                "select relforcerowsecurity from pg_class where oid = 'portal.receipts'::regclass"
            )
        );

        var early = now.AddYears(-7).AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (exitCode, _, errors) = await HostProcess.RunAsync(settings, "remove-access-log", early);
        Assert.Equal(1, exitCode);
        Assert.Equal($"{early} is less than 7 years ago: entries are kept at least that long.\n", errors);
    }

    private static readonly string[] Commands =
    [
        "run",
        "migrate",
        "check",
        "backup",
        "restore",
        "verify-audit",
        "remove-audit",
        "remove-access-log",
        "dead-letters list",
        "dead-letters show",
        "dead-letters replay",
        "dead-letters discard",
        "storage counts",
        "describe",
        "codegen write",
        "health",
        "help",
    ];

    private static readonly Dictionary<string, string?> NoSettings = [];

    private static async Task<Dictionary<string, string?>> NewDatabaseAsync() =>
        new()
        {
            ["ConnectionStrings:Practice"] = await TestServer.NewDatabaseAsync(),
            ["Data:Directory"] = TestFolder.New("data"),
        };

    private static async Task<int> CountDeadLettersAsync(Dictionary<string, string?> settings)
    {
        var counts = Lines(await RunAsync(settings, "storage", "counts"))
            .Select(line => Regex.Match(line, @"(Incoming|Outgoing|Scheduled|Dead Letter|Handled)\D+(\d+)"))
            .Where(count => count.Success)
            .ToDictionary(count => count.Groups[1].Value, count => int.Parse(count.Groups[2].ValueSpan));
        Assert.Equal(5, counts.Count);
        return counts["Dead Letter"];
    }

    private static async Task<string> RunAsync(Dictionary<string, string?> settings, params string[] command)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(settings, command);

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        return output;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
