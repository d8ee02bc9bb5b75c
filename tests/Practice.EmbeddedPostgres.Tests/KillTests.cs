using static Practice.EmbeddedPostgres.Tests.Checkout;

namespace Practice.EmbeddedPostgres.Tests;

public sealed class KillTests(MadeCluster made) : IClassFixture<MadeCluster>
{
    [LinuxFact]
    public async Task Killing_the_host_stops_the_server_and_the_next_start_has_every_commit()
    {
        await using var checkout = new Checkout();
        var (host, connection) = await checkout.StartHost();
        await Ask(connection, "CREATE TABLE kept AS SELECT 42 AS answer");
        var postmaster = checkout.Postmaster;

        host.Kill();
        await Until(() => IsGone(postmaster), "the server's end after its host was killed", seconds: 3);

        Assert.Equal(42, await Ask((await checkout.Start()).ConnectionString, "SELECT answer FROM kept"));
    }

    [LinuxFact]
    public async Task A_start_right_after_the_kill_takes_the_cluster_over()
    {
        await using var checkout = await made.Copy();
        var (host, connection) = await checkout.StartHost();
        await Ask(connection, "CREATE TABLE kept AS SELECT 42 AS answer");

        host.Kill();
        await host.WaitForExitAsync(Limit()); // for the lock; not for the server

        Assert.Equal(42, await Ask((await checkout.Start()).ConnectionString, "SELECT answer FROM kept"));
    }

    [LinuxFact]
    public async Task A_server_whose_watchdog_was_killed_too_is_taken_over()
    {
        await using var checkout = await made.Copy();
        var (host, connection) = await checkout.StartHost();
        await Ask(connection, "CREATE TABLE kept AS SELECT 42 AS answer");
        var orphan = checkout.Postmaster;
        var watchdog = ParentOf(orphan);
        foreach (var part in Children(watchdog).Where(child => child != orphan).Append(watchdog))
            await KilledAndGone(part);
        host.Kill();
        await host.WaitForExitAsync(Limit());
        Assert.False(IsGone(orphan), "the server should have outlived its host");

        var server = await checkout.Start();

        Assert.Equal(42, await Ask(server.ConnectionString, "SELECT answer FROM kept"));
        Assert.True(IsGone(orphan), "the orphan still runs");
        await server.StopAsync();
        Assert.False(File.Exists(PostmasterFile.PathIn(checkout.Data)));
    }

    [LinuxFact]
    public async Task A_killed_server_starts_again_with_every_commit()
    {
        await using var checkout = await made.Copy();
        var server = await checkout.Start(o => o with { Durable = true });
        await Ask(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        await KilledAndGone(checkout.Postmaster);
        await server.StopAsync();

        var again = await checkout.Start(o => o with { Durable = true });

        Assert.Equal(42, await Ask(again.ConnectionString, "SELECT answer FROM kept"));
    }

    [LinuxFact]
    public async Task A_process_that_got_the_pid_of_a_dead_server_is_not_signalled()
    {
        await using var checkout = await made.Copy();
        var bystander = await checkout.StartBystander();
        await WriteStalePid(checkout, bystander.Id);

        var server = await checkout.Start();

        Assert.Equal(1, await Ask(server.ConnectionString, "SELECT 1"));
        Assert.False(IsGone(bystander.Id), "an unrelated process was ended");
    }

    [LinuxFact]
    public async Task Another_cluster_is_not_signalled_even_when_the_pid_names_its_server()
    {
        await using var checkout = await made.Copy();
        await using var other = await made.Copy();
        var neighbour = await other.Start();
        var pid = other.Postmaster;
        await WriteStalePid(checkout, pid);

        var server = await checkout.Start();
        Assert.Equal(1, await Ask(server.ConnectionString, "SELECT 1"));
        await server.StopAsync();

        Assert.Equal(pid, other.Postmaster);
        Assert.Equal(1, await Ask(neighbour.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task An_empty_pid_file_does_not_keep_the_server_from_starting()
    {
        await using var checkout = await made.Copy();
        await File.WriteAllTextAsync(PostmasterFile.PathIn(checkout.Data), ""); // PostgreSQL itself refuses it

        Assert.Equal(1, await Ask((await checkout.Start()).ConnectionString, "SELECT 1"));
    }

    /// <summary>What a crash leaves: a whole file, "ready" in its last line, whose number somebody else has now.</summary>
    private static Task WriteStalePid(Checkout checkout, int pid) =>
        File.WriteAllTextAsync(
            PostmasterFile.PathIn(checkout.Data),
            $"{pid}\n{checkout.Data}\n{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}\n1\n\n127.0.0.1\n 1 1\nready   \n"
        );

    private static int[] Children(int parent) =>
        [
            .. File.ReadAllText($"/proc/{parent}/task/{parent}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(int.Parse),
        ];
}
