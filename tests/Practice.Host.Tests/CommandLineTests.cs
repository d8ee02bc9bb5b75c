using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary>The host's commands, each run in its own process as an operator runs it.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serve")]
    [InlineData("migrat")]
    [InlineData("codegen")]
    [InlineData("storage")]
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
    public async Task Help_lists_one_command_a_line(string arguments)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(NoSettings, arguments.Split(' '));

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        var commands = Lines(output).SkipWhile(line => line != "Commands:").Skip(1);
        Assert.Equal(
            Commands,
            commands.Select(line => Regex.Match(line, @"^  (\S+( \S+)*) {2,}[A-Z].*\.$").Groups[1].Value)
        );
    }

    [Fact]
    public async Task Health_tells_whether_the_host_that_listens_there_is_ready()
    {
        var app = await TestApp.StartedAsync();
        var there = await HostProcess.RunAsync(At($"{app.Url}"), "health");
        Assert.Equal((0, $"{app.Url}health/ready: 200"), (there.ExitCode, there.Output.Trim()));
        Assert.Equal(1, (await HostProcess.RunAsync(At("http://127.0.0.1:1"), "health")).ExitCode);

        static Dictionary<string, string?> At(string url) => new() { ["ASPNETCORE_URLS"] = url };
    }

    [Fact]
    public async Task Describe_lists_the_message_handlers_and_shows_no_secret()
    {
        const string Secret = "QSByYW5kb20ga2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMh";
        var settings = new Dictionary<string, string?>(await NewDatabaseAsync()) { ["Audit:SealKey"] = Secret };

        var (exitCode, output, errors) = await HostProcess.RunAsync(settings, "describe");

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Contains("DeliverMail", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[..8], output, StringComparison.Ordinal);
        Assert.DoesNotContain("SealKey", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Storage_commands_work_in_a_deployment_too()
    {
        var settings = new Dictionary<string, string?>(await NewDatabaseAsync())
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["PublicUrl"] = "https://practice.test",
        };

        Assert.Equal(0, await CountDeadLettersAsync(settings));
        await ReplayAsync(settings);
    }

    [Fact]
    public async Task Storage_replay_has_a_running_host_handle_a_failed_message_again()
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
        var email = People.NewEmail();
        var person = new
        {
            firstName = "Ada",
            lastName = "Moss",
            email,
            password = "a long enough password",
        };
        (await app.Api.Post("/api/users/sign-up", person)).Should(201);
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters") == 1
        );
        Assert.Empty(app.Mail.To(email));
        await app.Owner.Execute("drop trigger fail on users.links");
        Assert.Equal(1, await CountDeadLettersAsync(settings));

        await ReplayAsync(settings);

        await app.Mail.WaitFor(email);
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from messaging.wolverine_dead_letters") == 0
        );
        Assert.Equal(0, await CountDeadLettersAsync(settings));
    }

    private static readonly string[] Commands =
    [
        "run",
        "migrate",
        "verify-audit",
        "storage counts",
        "storage replay",
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
        var (exitCode, output, errors) = await HostProcess.RunAsync(settings, "storage", "counts");

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        var counts = Lines(output)
            .Select(line => Regex.Match(line, @"(Incoming|Outgoing|Scheduled|Dead Letter|Handled)\D+(\d+)"))
            .Where(count => count.Success)
            .ToDictionary(count => count.Groups[1].Value, count => int.Parse(count.Groups[2].ValueSpan));
        Assert.Equal(5, counts.Count);
        return counts["Dead Letter"];
    }

    private static async Task ReplayAsync(Dictionary<string, string?> settings)
    {
        var (exitCode, output, errors) = await HostProcess.RunAsync(settings, "storage", "replay");

        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Contains("Successfully replayed", output, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
