using System.Diagnostics;
using Npgsql;
using Practice.Host;
using Xunit.Abstractions;

namespace Practice.Resilience.Tests;

/// <summary>A call that was under way when the database stopped.</summary>
public sealed class CutOffCallTests(ITestOutputHelper figures)
{
    /// <summary>An attempt of which nothing is known is given up after a minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_can_be_repeated_with_its_key_soon_after_the_database_is_back()
    {
        var folder = TestFolder.New("server");
        var server = await TestServer.StartOneAsync(folder);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var owner = group.Owner.Api.WithHeader("Idempotency-Key", $"{Guid.NewGuid()}");
        await app.SettlesAsync();
        // It sleeps until the server ends it. A lock that the test holds would be free for a moment before.
        await app.Owner.Execute(
            """
            create function public.hold() returns trigger security definer language plpgsql as
                $$ begin perform pg_sleep(60); return new; end $$;
            create trigger hold before insert on locations.locations for each row execute function public.hold();
            """
        );

        var cutOff = AddAsync();
        await Eventually.Is(() =>
            app.Owner.Scalar<bool>("select exists (select from pg_stat_activity where wait_event = 'PgSleep')")
        );
        await server.StopAsync();

        (await cutOff).Should(503, "request.unavailable");
        await using var back = await TestServer.StartOneAsync(folder);
        await Eventually.Is(async () => (await app.Api.Get("/health/ready")).Status == 200);
        NpgsqlConnection.ClearAllPools(); // those of the test
        await app.Owner.Execute("drop trigger hold on locations.locations");
        var waited = Stopwatch.StartNew();
        await Eventually.Is(async () => (await AddAsync()).Status == 201, Limit);
        figures.WriteLine($"accepted {waited.Elapsed.TotalSeconds:0.0} s after the database was back");

        Task<Answer> AddAsync() =>
            owner.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Vienna" });
    }
}
