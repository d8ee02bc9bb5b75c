namespace Practice.Host.Tests;

public sealed class RequestRateTests
{
    [Fact]
    public async Task Calls_beyond_the_limit_are_told_when_to_come_back()
    {
        await using var app = await TestApp.StartAsync(new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "3" } });
        for (var call = 0; call < 3; call++)
            (await app.Api.Get("/api/nowhere")).Should(404);

        var refused = (await app.Api.Get("/api/nowhere")).Should(429, "request.too_many");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        (await app.Api.Get("/health/live")).Should(200);
        (await app.Api.Get("/health/ready")).Should(200);
    }

    [Fact]
    public async Task Unless_told_otherwise_a_hundred_calls_a_minute_are_fine()
    {
        await using var app = await TestApp.StartAsync(new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = null } });
        for (var call = 0; call < 100; call++)
            (await app.Api.Get("/api/nowhere")).Should(404);
    }
}
