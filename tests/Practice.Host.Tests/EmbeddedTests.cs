namespace Practice.Host.Tests;

/// <summary>The host as <c>dotnet run</c> starts it on a new machine, with the embedded database.</summary>
public sealed class EmbeddedTests
{
    /// <summary>One story, since a first start takes as long as a hundred tests.</summary>
    [Fact]
    public async Task Data_of_a_successful_request_is_there_after_kill_9_a_stop_and_a_restore()
    {
        var data = TestFolder.New("data");
        await using var first = await HostProcess.StartAsync(data);
        await AssertThatASecondHostDoesNotStart(data);
        (await first.Api.Get("/health/ready")).Should(200);
        var (person, group) = await CreatePractice(first);
        var backup = await BackUpBeside(first, data);
        await first.KillAsync();

        await using var second = await HostProcess.StartAsync(data);
        await AssertIsThere(second, person, group);
        Assert.Equal(0, await second.StopAsync());

        await using var third = await HostProcess.StartAsync(data);
        await AssertIsThere(third, person, group);

        await using var restored = await StartRestored(backup, await ReadPassword(data));
        await AssertIsThere(restored, person, group);
    }

    private static async Task AssertThatASecondHostDoesNotStart(string data)
    {
        var (exitCode, _, errors) = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["Data:Directory"] = data }
        );
        Assert.Equal(1, exitCode);
        Assert.Contains(
            data,
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    private static async Task<string> BackUpBeside(RunningHost running, string data)
    {
        var file = Path.Combine(data, "practice.backup");
        var (exitCode, _, errors) = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["Data:Directory"] = data },
            "backup",
            file
        );
        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.True(File.Exists(file));
        (await running.Api.Get("/health/ready")).Should(200);
        return file;
    }

    /// <summary>As on another machine, whose new database makes a password of its own.</summary>
    private static async Task<HostProcess> StartRestored(string backup, string formerPassword)
    {
        var data = TestFolder.New("restored");
        var (exitCode, output, errors) = await HostProcess.RunAsync(
            new Dictionary<string, string?> { ["Data:Directory"] = data, ["Database:FormerPassword"] = formerPassword },
            "restore",
            backup
        );
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.DoesNotContain("cannot be opened", output, StringComparison.Ordinal); // what is encrypted
        return await HostProcess.StartAsync(data);
    }

    /// <summary>That of the embedded database's owner, where the runbook says it is.</summary>
    private static async Task<string> ReadPassword(string data)
    {
        var elsewhere = Path.Combine(data, "postgres.location");
        return (
            await File.ReadAllTextAsync(
                File.Exists(elsewhere)
                    ? Path.Combine(
                        "/var/lib/practice-embedded",
                        await File.ReadAllTextAsync(elsewhere),
                        "postgres",
                        "password"
                    )
                    : Path.Combine(data, "postgres", "password")
            )
        ).Trim();
    }

    private static async Task<(Person Person, Group Group)> CreatePractice(RunningHost host)
    {
        var person = await host.SignUpAndConfirm();
        return (person, await person.CreatesGroup());
    }

    private static async Task AssertIsThere(RunningHost host, Person person, Group group)
    {
        var api = await host.SignIn(person.Email, person.Password);
        var found = (await api.Get("/api/groups")).Should(200).Items.Single();
        Assert.Equal(group.Id, found.GetProperty("id").GetGuid());
    }
}
