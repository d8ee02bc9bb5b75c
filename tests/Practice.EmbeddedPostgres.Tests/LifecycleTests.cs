using System.Net;
using System.Net.Sockets;
using Npgsql;
using static Practice.EmbeddedPostgres.Tests.Checkout;

namespace Practice.EmbeddedPostgres.Tests;

public sealed class LifecycleTests(ClusterTemplate template) : IClassFixture<ClusterTemplate>
{
    [Fact]
    public async Task A_first_start_gives_a_working_database_and_a_restart_keeps_its_data_and_port()
    {
        await using var checkout = new Checkout();
        var first = await checkout.Start(o => o with { Durable = true, Database = "clinic" });
        await Query(first.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        Assert.Equal(
            "clinic practice C.UTF-8 UTF8",
            await Query(
                first.ConnectionString,
                """
                SELECT concat_ws(' ', current_database(), current_user, datcollate, pg_encoding_to_char(encoding))
                FROM pg_database WHERE datname = current_database()
                """
            )
        );
        await first.StopAsync();

        var second = await checkout.Start(o => o with { Durable = true, Database = "clinic" });

        Assert.Equal(42, await Query(second.ConnectionString, "SELECT answer FROM kept"));
        Assert.Equal(first.ConnectionString, second.ConnectionString);
        Assert.True(new FileInfo(Path.Combine(checkout.ClusterFolder, "server.log")).Length < 10_000);
        Assert.True(File.Exists(Path.Combine(checkout.ClusterFolder, "server.log.1")));
    }

    [Fact]
    public async Task Only_a_durable_server_has_the_settings_that_keep_commits_through_a_crash()
    {
        const string Settings = """
            SELECT string_agg(current_setting(s), ' ' ORDER BY o)
            FROM unnest(array['fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum', 'wal_level',
                'max_wal_senders', 'max_connections']) WITH ORDINALITY AS x(s, o)
            """;
        await using var checkout = await template.Copy();
        var server = await checkout.Start(o => o with { Durable = true });
        Assert.Equal("on on on on replica 10 100", await Query(server.ConnectionString, Settings));
        await server.StopAsync();

        server = await checkout.Start(o => o with { Durable = false, MaxConnections = 300 });
        Assert.Equal("off off off off minimal 0 300", await Query(server.ConnectionString, Settings));
    }

    [Fact]
    public async Task The_server_requires_the_password_and_listens_only_on_the_loopback_address()
    {
        await using var checkout = await template.Copy();
        var server = await checkout.Start();

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong" }.ConnectionString;
        var error = await Assert.ThrowsAsync<PostgresException>(() => Query(wrong, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, error.SqlState);
        Assert.Equal(
            "127.0.0.1/",
            await Query(
                server.ConnectionString,
                "SELECT current_setting('listen_addresses') || '/' || current_setting('unix_socket_directories')"
            )
        );
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(checkout.ClusterFolder, "password"))
            );
    }

    [Fact]
    public async Task The_server_log_contains_no_personal_data()
    {
        await using var checkout = await template.Copy();
        var server = await checkout.Start();
        await Query(
            server.ConnectionString,
            "CREATE TABLE person (email text UNIQUE); INSERT INTO person VALUES ('ann@example.org')"
        );

        await Assert.ThrowsAsync<PostgresException>(() =>
            Query(server.ConnectionString, "INSERT INTO person VALUES ('ann@example.org')")
        );
        await server.StopAsync();

        var log = await File.ReadAllTextAsync(Path.Combine(checkout.ClusterFolder, "server.log"));
        Assert.Contains("database system is ready", log, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@example.org", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_does_not_start_and_the_first_keeps_running()
    {
        await using var checkout = await template.Copy();
        var first = await checkout.Start();

        Assert.StartsWith(
            "Another process already uses the embedded database in ",
            await checkout.FailingStart(),
            StringComparison.Ordinal
        );

        Assert.Equal(1, await Query(first.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_command_uses_the_server_of_a_running_host_and_leaves_it_running()
    {
        await using var checkout = await template.Copy();
        var host = await checkout.Start();
        await Query(host.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");

        var command = await checkout.Start(o => o with { Join = true });
        Assert.True(command.Joined);
        Assert.Equal(42, await Query(command.ConnectionString, "SELECT answer FROM kept"));
        await command.StopAsync();

        Assert.Equal(42, await Query(host.ConnectionString, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task A_command_without_a_running_host_runs_the_server_itself()
    {
        await using var checkout = await template.Copy();

        var command = await checkout.Start(o => o with { Join = true });
        Assert.False(command.Joined);
        await command.StopAsync();

        Assert.Null(PostmasterFile.Read(checkout.Data));
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_replaced_by_another()
    {
        await using var checkout = await template.Copy();
        var first = await checkout.Start();
        var port = new NpgsqlConnectionStringBuilder(first.ConnectionString).Port;
        await first.StopAsync();
        using var owner = new TcpListener(IPAddress.Loopback, port);
        owner.Start();

        var second = await checkout.Start();

        Assert.NotEqual(port, new NpgsqlConnectionStringBuilder(second.ConnectionString).Port);
        Assert.Equal(1, await Query(second.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task An_incomplete_cluster_is_not_used()
    {
        await using var checkout = await template.Copy();
        var unfinished = Path.Combine(checkout.ClusterFolder, "data.new");
        Directory.Move(checkout.Data, unfinished); // as if the host had died before the rename
        await File.WriteAllTextAsync(Path.Combine(unfinished, "half"), "made");

        var server = await checkout.Start();

        Assert.Equal(1, await Query(server.ConnectionString, "SELECT 1"));
        Assert.False(Directory.Exists(unfinished));
        Assert.False(File.Exists(Path.Combine(checkout.Data, "half")));
    }
}
