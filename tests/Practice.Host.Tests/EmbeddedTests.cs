namespace Practice.Host.Tests;

/// <summary>The host as <c>dotnet run</c> starts it on a new machine, with the embedded database.</summary>
public sealed class EmbeddedTests
{
    /// <summary>One story, since a first start takes as long as a hundred tests.</summary>
    [Fact]
    public async Task Data_of_a_successful_request_is_there_after_kill_9_and_after_a_stop()
    {
        var data = TestFolder.New("data");
        await using var first = await HostProcess.StartAsync(data);
        await AssertThatASecondHostDoesNotStart(data);
        (await first.Api.Get("/health/ready")).Should(200);
        var (person, group) = await CreatePractice(first);
        await AssertThatABackupIsWrittenBeside(first, data);
        await first.KillAsync();

        await using var second = await HostProcess.StartAsync(data);
        await AssertIsThere(second, person, group);
        Assert.Equal(0, await second.StopAsync());

        await using var third = await HostProcess.StartAsync(data);
        await AssertIsThere(third, person, group);
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

    private static async Task AssertThatABackupIsWrittenBeside(RunningHost running, string data)
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
