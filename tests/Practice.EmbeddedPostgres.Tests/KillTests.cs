using static Practice.EmbeddedPostgres.Tests.Checkout;

namespace Practice.EmbeddedPostgres.Tests;

public sealed class KillTests(ClusterTemplate template) : IClassFixture<ClusterTemplate>
{
    [LinuxFact]
    public async Task Killing_the_host_stops_the_server_and_the_next_start_has_every_commit()
    {
        await using var checkout = new Checkout();
        var (host, connection) = await checkout.StartHost();
        await Query(connection, "CREATE TABLE kept AS SELECT 42 AS answer");
        var postmaster = checkout.Postmaster;

        host.Kill();
        await Until(() => IsGone(postmaster), "the server's end after its host was killed", seconds: 3);

        Assert.Equal(42, await Query((await checkout.Start()).ConnectionString, "SELECT answer FROM kept"));
    }

    [LinuxFact]
    public async Task A_start_right_after_the_kill_stops_the_old_server_and_keeps_the_data()
    {
        await using var checkout = await template.Copy();
        var (host, connection) = await checkout.StartHost();
        await Query(connection, "CREATE TABLE kept AS SELECT 42 AS answer");

        host.Kill();
        await host.WaitForExitAsync(Limit()); // so that the lock is free; the server may still run

        Assert.Equal(42, await Query((await checkout.Start()).ConnectionString, "SELECT answer FROM kept"));
    }

    [LinuxFact]
    public async Task A_server_whose_watchdog_was_killed_too_is_stopped_by_the_next_start()
    {
        await using var checkout = await template.Copy();
        var (host, connection) = await checkout.StartHost();
        await Query(connection, "CREATE TABLE kept AS SELECT 42 AS answer");
        var orphan = checkout.Postmaster;
        var watchdog = ParentOf(orphan);
        foreach (var part in Children(watchdog).Where(child => child != orphan).Append(watchdog))
            await KillAndWait(part);
        host.Kill();
        await host.WaitForExitAsync(Limit());
        Assert.False(IsGone(orphan), "the server should still run after its host died");

        var server = await checkout.Start();

        Assert.Equal(42, await Query(server.ConnectionString, "SELECT answer FROM kept"));
        Assert.True(IsGone(orphan), "the orphan still runs");
        await server.StopAsync();
        Assert.False(File.Exists(PostmasterFile.PathIn(checkout.Data)));
    }

    [LinuxFact]
    public async Task A_killed_server_starts_again_with_every_commit()
    {
        await using var checkout = await template.Copy();
        var server = await checkout.Start(o => o with { Durable = true });
        await Query(server.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        await KillAndWait(checkout.Postmaster);
        await server.StopAsync();

        var again = await checkout.Start(o => o with { Durable = true });

        Assert.Equal(42, await Query(again.ConnectionString, "SELECT answer FROM kept"));
    }

    [LinuxFact]
    public async Task A_process_with_the_pid_of_a_dead_server_gets_no_signal()
    {
        await using var checkout = await template.Copy();
        var unrelated = await checkout.StartUnrelatedProcess();
        await WriteStalePid(checkout, unrelated.Id);

        var server = await checkout.Start();

        Assert.Equal(1, await Query(server.ConnectionString, "SELECT 1"));
        Assert.False(IsGone(unrelated.Id), "an unrelated process was stopped");
    }

    [LinuxFact]
    public async Task The_server_of_another_cluster_gets_no_signal_even_when_the_pid_file_names_it()
    {
        await using var checkout = await template.Copy();
        await using var other = await template.Copy();
        var neighbour = await other.Start();
        var pid = other.Postmaster;
        await WriteStalePid(checkout, pid);

        var server = await checkout.Start();
        Assert.Equal(1, await Query(server.ConnectionString, "SELECT 1"));
        await server.StopAsync();

        Assert.Equal(pid, other.Postmaster);
        Assert.Equal(1, await Query(neighbour.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task An_empty_pid_file_does_not_stop_the_start()
    {
        await using var checkout = await template.Copy();
        // PostgreSQL itself does not start with such a file.
        await File.WriteAllTextAsync(PostmasterFile.PathIn(checkout.Data), "");

        Assert.Equal(1, await Query((await checkout.Start()).ConnectionString, "SELECT 1"));
    }

    /// <summary>What a crash leaves: a complete file that says "ready", with the pid of another process.</summary>
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
