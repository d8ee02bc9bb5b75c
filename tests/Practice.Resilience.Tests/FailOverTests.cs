using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Practice.EmbeddedPostgres;
using Practice.Host;
using Xunit.Abstractions;

namespace Practice.Resilience.Tests;

/// <summary>The primary goes, and a streaming replica is promoted in its place.</summary>
public sealed class FailOverTests(ITestOutputHelper figures)
{
    [Fact]
    public async Task Writes_go_on_on_the_new_primary_and_nothing_answered_is_lost_or_doubled()
    {
        var (first, second) = (TestFolder.New("primary"), TestFolder.New("replica"));
        var (primary, replica) = await StartBothAsync(first, second);
        await using var _ = primary;
        await using var __ = replica;
        // Where a host may not ask which server is the newer one, it goes on without.
        await new Sql(primary.ConnectionString).Execute("revoke execute on function pg_control_system from public");
        await using var app = await TestApp.StartAsync(new() { ConnectionString = Patient(Both(primary, replica)) });
        var person = await app.SignUpAndConfirm();
        var group = await person.CreatesGroup();
        await app.SettlesAsync();

        var written = new List<string>();
        var refused = 0;
        await WriteUntil(() => written.Count == 20);
        await primary.StopAsync();
        await WriteUntil(() => refused == 20); // the replica is asked, and is none that takes writes
        await new Sql(replica.ConnectionString).Execute("select pg_promote()");
        var away = Stopwatch.StartNew();
        await WriteUntil(() => written.Count > 20);
        figures.WriteLine($"first write {away.Elapsed.TotalSeconds:0.0} s after the promotion began");
        Assert.True(away.Elapsed < TimeSpan.FromSeconds(10), $"{away.Elapsed}"); // 1 s on a quiet machine
        await WriteUntil(() => written.Count == 40);

        await HasAsync(replica, person, group, written);
        await Eventually.Is(async () => (await app.Api.Get("/health/ready")).Status == 200);

        // The first server comes back: as a standby, then fenced off. It is the first that the host asks.
        refused = 0;
        await File.WriteAllTextAsync(Path.Combine(DataOf(first), "standby.signal"), "");
        await using (await TestServer.StartOneAsync(first, durable: true))
            await WriteUntil(() => written.Count == 60);
        File.Delete(Path.Combine(DataOf(first), "standby.signal"));
        await SetAsync(first, "default_transaction_read_only = on");
        await using (await TestServer.StartOneAsync(first, durable: true))
        {
            await WriteUntil(() => written.Count == 80);
            await using var next = await TestApp.StartAsync(
                new() { ConnectionString = Patient(Both(primary, replica)) }
            );
            var there = await next.SignIn(person.Email, person.Password);
            (await there.Post($"{group.Path}/locations", new { name = "Room", timeZone = "Europe/Vienna" })).Should(
                201
            );
        }
        Assert.Equal(0, refused);

        async Task WriteUntil(Func<bool> done)
        {
            var patience = Stopwatch.StartNew();
            for (var number = 0; !done(); number++)
            {
                Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1), $"{written.Count} written, {refused} refused");
                var name = string.Create(CultureInfo.InvariantCulture, $"Room {written.Count}.{number}.{refused}");
                var answer = await person.Api.Post($"{group.Path}/locations", new { name, timeZone = "Europe/Vienna" });
                if (answer.Status == 201)
                {
                    written.Add(name);
                    continue;
                }

                answer.Should(503, "request.unavailable");
                Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "Retry-After");
                refused++;
            }
        }
    }

    /// <summary>
    /// Nothing fails by itself: each call has its own limit, and none waits for the other server. What has met the new
    /// primary goes to the old one no more.
    /// </summary>
    [Fact]
    public async Task While_the_primary_hangs_calls_are_answered_soon_and_go_on_after_a_promotion()
    {
        var first = TestFolder.New("primary");
        var (primary, replica) = await StartBothAsync(first, TestFolder.New("replica"));
        await using var _ = primary;
        await using var __ = replica;
        await using var app = await TestApp.StartAsync(new() { ConnectionString = Both(primary, replica) });
        var person = await app.SignUpAndConfirm();
        var group = await person.CreatesGroup();
        await app.SettlesAsync();
        var written = new List<string>();
        await AddAsync("Room-1");

        using var frozen = FrozenServer.Freeze(first);
        Func<Task<Answer>>[] calls =
        [
            () => person.Api.Get($"{group.Path}/locations"),
            () => TryAsync("Room-2"),
            () => app.Api.Get("/health/ready"),
        ];
        foreach (var call in calls.Concat(calls)) // the second time the host knows
        {
            var watch = Stopwatch.StartNew();
            var answer = await call();
            figures.WriteLine($"{answer.Status} after {watch.Elapsed.TotalSeconds:0.0} s");
            answer.Should(503, "request.unavailable");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(12), $"{watch.Elapsed}: {answer}"); // asked: 6
        }

        await new Sql(replica.ConnectionString).Execute("select pg_promote()");
        var away = Stopwatch.StartNew();
        await AddAsync("Room-2");
        figures.WriteLine($"first write {away.Elapsed.TotalSeconds:0.0} s after the promotion began");
        Assert.True(away.Elapsed < TimeSpan.FromSeconds(45), $"{away.Elapsed}");
        away.Restart();
        for (var number = 3; number <= 5; number++)
            await AddAsync($"Room-{number}"); // each pool asks the old primary once a second, and waits for it
        figures.WriteLine($"3 more in {away.Elapsed.TotalSeconds:0.0} s");
        await HasAsync(replica, person, group, written);

        // The old primary goes on, and says that it takes writes: nobody has told it. It is the first that is asked.
        frozen.Dispose();
        away.Restart();
        for (var number = 6; number <= 25; number++)
            await AddAsync($"Room-{number}");
        figures.WriteLine($"20 in {away.Elapsed.TotalSeconds:0.0} s as the old primary goes on");
        await HasAsync(replica, person, group, written);
        await Eventually.Is(async () => (await TryAsync("Room-25")).Status == 201 && Advice() > 0);
        for (var number = 26; number <= 35; number++)
            await AddAsync($"Room-{number}");
        // Once a minute, however often a connection meets it.
        Assert.InRange(Advice(), 1, 1 + (int)away.Elapsed.TotalMinutes);
        const string Rooms = "select count(*) from locations.locations where name like 'Room-%'";
        Assert.Equal(1, await new Sql(primary.ConnectionString).Scalar<long>(Rooms));

        int Advice() => app.Log.Lines.Count(line => line.Contains("stop it", StringComparison.Ordinal));

        async Task AddAsync(string name)
        {
            await Eventually.Is(async () => (await TryAsync(name)).Status == 201);
            written.Add(name);
        }

        // A repeat has its key: a refusal says nothing about whether it was done.
        Task<Answer> TryAsync(string name) =>
            person
                .Api.WithHeader("Idempotency-Key", name)
                .Post($"{group.Path}/locations", new { name, timeZone = "Europe/Vienna" });
    }

    /// <summary>As behind a load balancer that does not know which server takes writes.</summary>
    [Fact]
    public async Task An_address_that_led_to_a_standby_serves_again_when_it_leads_to_the_primary()
    {
        var (primary, replica) = await StartBothAsync(TestFolder.New("primary"), TestFolder.New("replica"));
        await using var _ = primary;
        await using var __ = replica;
        var (address, connectionString) = MovingAddress.Of(primary.ConnectionString);
        using var ___ = address;
        await using var app = await TestApp.StartAsync(new() { ConnectionString = Patient(connectionString) });
        var person = await app.SignUpAndConfirm();
        var group = await person.CreatesGroup();
        await app.SettlesAsync();

        address.LeadTo(replica.ConnectionString);
        address.Cut();
        // Those of all pools, and reads too: what a standby knows may be old, also of who may read.
        for (var number = 0; number < 20; number++)
        {
            (await AddLocationAsync("Room")).Should(503, "request.unavailable");
            (await person.Api.Get($"{group.Path}/locations")).Should(503, "request.unavailable");
        }

        address.LeadTo(primary.ConnectionString);
        await Eventually.Is(async () => (await AddLocationAsync("Room")).Status == 201, TimeSpan.FromSeconds(20));
        for (var number = 0; number < 20; number++)
            (await AddLocationAsync($"Room {number}")).Should(201);
        await app.SettlesAsync();
        Assert.Equal(
            0,
            await new Sql(primary.ConnectionString).Scalar<long>(
                "select count(*) from messaging.wolverine_dead_letters"
            )
        );

        Task<Answer> AddLocationAsync(string name) =>
            person.Api.Post($"{group.Path}/locations", new { name, timeZone = "Europe/Vienna" });
    }

    /// <summary>A primary that is set up, and a synchronous standby.</summary>
    private static async Task<(EmbeddedPostgresServer Primary, EmbeddedPostgresServer Replica)> StartBothAsync(
        string first,
        string second
    )
    {
        await using (var server = await TestServer.StartOneAsync(first, durable: true))
            await PracticeHost.SetUpDatabaseAsync(
                TestServer.DatabaseAt(server.ConnectionString),
                CancellationToken.None
            );
        await CopyAsync(first, second);
        var primary = await TestServer.StartOneAsync(first, durable: true);
        await FollowAsync(second, primary.ConnectionString);
        var replica = await TestServer.StartOneAsync(second, durable: true);
        await new Sql(primary.ConnectionString).Execute("alter system set synchronous_standby_names = '*'");
        await new Sql(primary.ConnectionString).Execute("select pg_reload_conf()");
        return (primary, replica);
    }

    private static string Both(EmbeddedPostgresServer first, EmbeddedPostgresServer second)
    {
        var (one, other) = (Parse(first), Parse(second));
        one.Host = $"127.0.0.1:{one.Port},127.0.0.1:{other.Port}";
        one.MaxPoolSize = 5;
        return one.ConnectionString;

        static NpgsqlConnectionStringBuilder Parse(EmbeddedPostgresServer server) => new(server.ConnectionString);
    }

    /// <summary>Where no server hangs: a busy machine may stand still for longer than the product waits.</summary>
    private static string Patient(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Timeout = 15, CommandTimeout = 30 }.ConnectionString;

    /// <summary>Its rooms are those that were written, each with an entry in the audit. No message failed.</summary>
    private static async Task HasAsync(EmbeddedPostgresServer server, Person person, Group group, List<string> written)
    {
        var database = new Sql(server.ConnectionString);
        var found = await Eventually.Get(async () =>
            await person.Api.Get($"{group.Path}/locations?limit=200") is { Status: 200 } answer ? answer : null
        );
        Assert.Equal(
            written.Order(StringComparer.Ordinal),
            found
                .Items.Select(location => location.GetProperty("name").GetString()!)
                .Where(name => name.StartsWith("Room", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            written.Count,
            await database.Scalar<long>(
                "select count(*) from audit.entries where group_id = $1 and act = 'locations.created'",
                group.Id
            ) - 1 // the group's first
        );
        Assert.Equal(0, await database.Scalar<long>("select count(*) from messaging.wolverine_dead_letters"));
    }

    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("cp", ["-a", $"{from}/.", to]);
        await copy.WaitForExitAsync();
        Assert.Equal(0, copy.ExitCode);
    }

    /// <summary>Makes the copy of a cluster a standby of the server on the original.</summary>
    private static async Task FollowAsync(string folder, string primary)
    {
        var server = new NpgsqlConnectionStringBuilder(primary);
        await SetAsync(
            folder,
            $"primary_conninfo = 'host=127.0.0.1 port={server.Port} user={server.Username} "
                + $"password={server.Password} sslmode=disable'"
        );
        await File.WriteAllTextAsync(Path.Combine(DataOf(folder), "standby.signal"), "");
    }

    private static Task SetAsync(string folder, string setting) =>
        File.AppendAllTextAsync(Path.Combine(DataOf(folder), "postgresql.auto.conf"), $"\n{setting}\n");

    private static string DataOf(string folder) =>
        Path.GetDirectoryName(
            Directory.GetFiles(folder, "postgresql.auto.conf", SearchOption.AllDirectories).Single()
        )!;
}
