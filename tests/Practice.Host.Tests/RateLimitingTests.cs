namespace Practice.Host.Tests;

public sealed class RateLimitingTests
{
    [Fact]
    public async Task Requests_over_the_limit_get_429_with_Retry_After()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "3" } }
        );
        for (var call = 0; call < 3; call++)
            (await app.Api.Get("/api/nowhere")).Should(404);

        var rejected = (await app.Api.Get("/api/nowhere")).Should(429, "request.too_many");
        Assert.InRange(rejected.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        (await app.Api.Get("/health/live")).Should(200);
        (await app.Api.Get("/health/ready")).Should(200);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_each_client_has_its_own_limit()
    {
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?>
                {
                    ["RateLimits:PerMinute"] = "1",
                    ["TrustedProxies"] = "127.0.0.1",
                },
            }
        );
        (await CallFor("192.0.2.1")).Should(404);
        (await CallFor("192.0.2.2")).Should(404);
        (await CallFor("192.0.2.1")).Should(429);

        Task<Answer> CallFor(string client) => app.Api.WithHeader("X-Forwarded-For", client).Get("/api/nowhere");
    }

    [Fact]
    public async Task From_any_other_address_a_forwarded_address_is_ignored()
    {
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?>
                {
                    ["RateLimits:PerMinute"] = "1",
                    ["TrustedProxies"] = "192.0.2.99",
                },
            }
        );
        (await CallFor("192.0.2.1")).Should(404);
        (await CallFor("192.0.2.2")).Should(429);

        Task<Answer> CallFor(string client) => app.Api.WithHeader("X-Forwarded-For", client).Get("/api/nowhere");
    }

    [Fact]
    public async Task By_default_a_hundred_requests_a_minute_are_allowed()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = null } }
        );
        for (var call = 0; call < 100; call++)
            (await app.Api.Get("/api/nowhere")).Should(404);
    }
}
