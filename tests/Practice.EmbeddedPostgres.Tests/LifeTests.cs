using System.Net;
using System.Net.Sockets;
using Npgsql;
using static Practice.EmbeddedPostgres.Tests.Checkout;

namespace Practice.EmbeddedPostgres.Tests;

public sealed class LifeTests(MadeCluster made) : IClassFixture<MadeCluster>
{
    [Fact]
    public async Task A_first_start_gives_a_working_database_and_a_restart_keeps_its_data_and_port()
    {
        await using var checkout = new Checkout();
        var first = await checkout.Start(o => o with { Durable = true, Database = "clinic" });
        await Ask(first.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        Assert.Equal(
            "clinic practice C.UTF-8 UTF8",
            await Ask(
                first.ConnectionString,
                "SELECT current_database() || ' ' || current_user || ' ' || datcollate || ' ' || pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
            )
        );
        await first.StopAsync();

        var second = await checkout.Start(o => o with { Durable = true, Database = "clinic" });

        Assert.Equal(42, await Ask(second.ConnectionString, "SELECT answer FROM kept"));
        Assert.Equal(first.ConnectionString, second.ConnectionString);
        Assert.True(new FileInfo(Path.Combine(checkout.Place, "server.log")).Length < 10_000);
        Assert.True(File.Exists(Path.Combine(checkout.Place, "server.log.1")));
    }

    [Fact]
    public async Task Commits_survive_a_crash_unless_the_cluster_is_a_throw_away_one()
    {
        const string Settings =
            "SELECT string_agg(current_setting(s), ' ' ORDER BY o) FROM unnest(array['fsync','synchronous_commit','full_page_writes','autovacuum','wal_level','max_wal_senders','max_connections']) WITH ORDINALITY AS x(s, o)";
        await using var checkout = await made.Copy();
        var server = await checkout.Start(o => o with { Durable = true });
        Assert.Equal("on on on on replica 10 100", await Ask(server.ConnectionString, Settings));
        await server.StopAsync();

        server = await checkout.Start(o => o with { Durable = false, MaxConnections = 300 });
        Assert.Equal("off off off off minimal 0 300", await Ask(server.ConnectionString, Settings));
    }

    [Fact]
    public async Task The_server_asks_for_the_password_and_listens_on_the_loopback_address_alone()
    {
        await using var checkout = await made.Copy();
        var server = await checkout.Start();

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong" }.ConnectionString;
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Ask(wrong, "SELECT 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.Equal(
            "127.0.0.1/",
            await Ask(
                server.ConnectionString,
                "SELECT current_setting('listen_addresses') || '/' || current_setting('unix_socket_directories')"
            )
        );
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(checkout.Place, "password"))
            );
    }

    [Fact]
    public async Task What_people_write_does_not_reach_the_server_log()
    {
        await using var checkout = await made.Copy();
        var server = await checkout.Start();
        await Ask(
            server.ConnectionString,
            "CREATE TABLE person (email text UNIQUE); INSERT INTO person VALUES ('ann@example.org')"
        );

        await Assert.ThrowsAsync<PostgresException>(() =>
            Ask(server.ConnectionString, "INSERT INTO person VALUES ('ann@example.org')")
        );
        await server.StopAsync();

        var log = await File.ReadAllTextAsync(Path.Combine(checkout.Place, "server.log"));
        Assert.Contains("database system is ready", log, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@example.org", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused_and_the_first_goes_on()
    {
        await using var checkout = await made.Copy();
        var first = await checkout.Start();

        Assert.StartsWith(
            "Another process already uses the embedded database in ",
            await checkout.RefusedStart(),
            StringComparison.Ordinal
        );

        Assert.Equal(1, await Ask(first.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_taken_port_is_left_to_its_owner()
    {
        await using var checkout = await made.Copy();
        var first = await checkout.Start();
        var port = new NpgsqlConnectionStringBuilder(first.ConnectionString).Port;
        await first.StopAsync();
        using var owner = new TcpListener(IPAddress.Loopback, port);
        owner.Start();

        var second = await checkout.Start();

        Assert.NotEqual(port, new NpgsqlConnectionStringBuilder(second.ConnectionString).Port);
        Assert.Equal(1, await Ask(second.ConnectionString, "SELECT 1"));
    }

    [Fact]
    public async Task A_half_made_cluster_is_not_adopted()
    {
        await using var checkout = await made.Copy();
        var unfinished = Path.Combine(checkout.Place, "data.new");
        Directory.Move(checkout.Data, unfinished); // as if the host had died before the rename
        await File.WriteAllTextAsync(Path.Combine(unfinished, "half"), "made");

        var server = await checkout.Start();

        Assert.Equal(1, await Ask(server.ConnectionString, "SELECT 1"));
        Assert.False(Directory.Exists(unfinished));
        Assert.False(File.Exists(Path.Combine(checkout.Data, "half")));
    }
}
