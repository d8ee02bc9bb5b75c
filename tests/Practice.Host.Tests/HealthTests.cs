using System.Diagnostics;

namespace Practice.Host.Tests;

/// <summary>Without a database every request soon gets 503. With the database back, the product works again.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_host_on_a_migrated_database_is_live_and_ready()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get("/health/live")).Should(200);
        (await app.Api.Get("/health/ready")).Should(200);
    }

    [Fact]
    public async Task A_host_whose_migrations_are_not_applied_is_not_ready()
    {
        await using var app = await TestApp.StartAsync();
        await app.Owner.Execute("""delete from locations."__EFMigrationsHistory" """);
        (await app.Api.Get("/health/ready")).Should(503);
    }

    [Fact]
    public async Task The_product_recovers_when_the_database_stops_and_starts_again()
    {
        var folder = TestFolder.New("server");
        var server = await TestServer.StartOneAsync(folder);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var person = await app.SignUpAndConfirm();
        var group = await person.CreatesGroup();

        await server.StopAsync();
        Func<Task<Answer>>[] calls =
        [
            () => person.Api.Get($"{group.Path}/locations"),
            () => person.Api.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Vienna" }),
            () => app.Api.Post("/api/users/sign-in", new { person.Email, person.Password }),
            () => app.Api.Get("/health/ready"),
        ];
        foreach (var call in calls)
        {
            var waited = Stopwatch.StartNew();
            var answer = (await call()).Should(503, "request.unavailable");
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "Retry-After");
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), $"{waited.Elapsed}");
        }

        (await app.Api.Get("/health/live")).Should(200);
        // A warning says it of each call and probe. What libraries say of it is no error of ours.
        Assert.DoesNotContain(app.Log.Errors, line => line.StartsWith("Error Microsoft.", StringComparison.Ordinal));

        await using var back = await TestServer.StartOneAsync(folder);
        await Eventually.Is(async () => (await app.Api.Get("/health/ready")).Status == 200);
        (await person.Api.Get($"{group.Path}/locations")).Should(200);
        (await person.Api.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Vienna" })).Should(
            201
        );
    }
}
