using System.Diagnostics;
using Practice.Host;
using Xunit.Abstractions;

namespace Practice.Resilience.Tests;

/// <summary>A database that hangs is worse than one that is gone: nothing fails by itself.</summary>
public sealed class HangingDatabaseTests(ITestOutputHelper figures)
{
    /// <summary>Asked for are 6 seconds. Beside a busy suite it may take longer (docs/reliability.md).</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Calls_are_answered_soon_and_work_again_when_it_does()
    {
        var folder = TestFolder.New("server");
        await using var server = await TestServer.StartOneAsync(folder);
        await PracticeHost.SetUpDatabaseAsync(TestServer.DatabaseAt(server.ConnectionString), CancellationToken.None);
        await using var app = await TestApp.StartAsync(new() { ConnectionString = server.ConnectionString });
        var person = await app.SignUpAndConfirm();
        var group = await person.CreatesGroup();
        await app.SettlesAsync();
        var keyed = person.Api.WithHeader("Idempotency-Key", $"{Guid.NewGuid()}");

        using (FrozenServer.Freeze(folder))
        {
            Func<Task<Answer>>[] calls =
            [
                () => person.Api.Get($"{group.Path}/locations"),
                () => AddAsync(person.Api, "Second"),
                () => AddAsync(keyed, "Third"),
                () => app.Api.Post("/api/users/sign-in", new { person.Email, person.Password }),
                () => app.Api.Get("/health/ready"),
            ];
            foreach (var (answer, took) in await Task.WhenAll(calls.Select(Timed)))
            {
                figures.WriteLine($"{answer.Status} after {took.TotalSeconds:0.0} s");
                answer.Should(503, "request.unavailable");
                Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "Retry-After");
                Assert.True(took < Limit, $"{took}: {answer}");
            }
        }

        await Eventually.Is(async () => (await app.Api.Get("/health/ready")).Status == 200);
        Assert.DoesNotContain(app.Log.Errors, line => line.StartsWith("Error Microsoft.", StringComparison.Ordinal));
        (await AddAsync(person.Api, "Fourth")).Should(201);
        // The server has begun the attempt when it went on: without an end of it, 409 for a minute.
        var waited = Stopwatch.StartNew();
        await Eventually.Is(async () => (await AddAsync(keyed, "Third")).Status == 201, Limit);
        figures.WriteLine($"repeated with its key {waited.Elapsed.TotalSeconds:0.0} s later");

        Task<Answer> AddAsync(ApiClient api, string name) =>
            api.Post($"{group.Path}/locations", new { name, timeZone = "Europe/Vienna" });
    }

    private static async Task<(Answer Answer, TimeSpan Took)> Timed(Func<Task<Answer>> call)
    {
        var watch = Stopwatch.StartNew();
        return (await call(), watch.Elapsed);
    }
}
