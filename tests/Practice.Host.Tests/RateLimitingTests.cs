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
        var outcome = await app.Api.Get($"/fhir/groups/{Guid.NewGuid()}/metadata");
        Assert.Equal(
            (429, "application/fhir+json", "request.too_many"),
            (outcome.Status, outcome.ContentType, outcome.Code)
        );
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
    public async Task Calls_of_an_API_client_count_by_client_and_it_is_told_how_many_are_left()
    {
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?>
                {
                    ["RateLimits:PerMinute"] = "1000",
                    ["RateLimits:ClientPerMinute"] = "2",
                },
            }
        );
        var group = await (await app.SignUpAndConfirm()).CreatesGroup("The clinic");
        var made = (
            await group.Owner.Api.Post($"{group.Path}/clients", new { name = "Sync", accessLevel = "reception" })
        ).Should(201);
        var (first, second) = (await Token(), await Token());

        Assert.Equal("\"client\";r=1", Left((await first.Get($"{group.Path}/members")).Should(200)));
        var last = (await second.Get($"{group.Path}/members")).Should(200);
        Assert.Equal("\"client\";r=0", Left(last));
        Assert.Equal("\"client\";q=2;w=60", last.Headers.GetValues("RateLimit-Policy").Single());
        var rejected = (await first.Get($"{group.Path}/members")).Should(429, "request.too_many");
        var wait = (int)rejected.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.InRange(wait, 1, 60);
        Assert.Equal($"\"client\";r=0;t={wait}", Left(rejected));
        var person = (await group.Owner.Api.Get($"{group.Path}/members")).Should(200);
        Assert.False(person.Headers.Contains("RateLimit"));

        // Of clients that there are not, only how many were tried from an address is stored.
        for (var guess = 0; guess < 50; guess++)
            Assert.Equal(401, await TriesAsync(guess % 2 == 0 ? Guid.NewGuid() : Guid.Empty));
        Assert.Equal(429, await TriesAsync(Guid.NewGuid()));
        Assert.Equal(
            1L,
            await app.Owner.Scalar<long>("select count(*) from authority.client_attempts where failures > 0")
        );
        Assert.Equal(2L, await app.Owner.Scalar<long>("select count(*) from authority.client_attempts"));
        await Token(); // a client that has had a token from there still gets one

        async Task<int> TriesAsync(Guid client) =>
            (
                await app.Api.Post(
                    "/connect/token",
                    new FormUrlEncodedContent(
                        new Dictionary<string, string>
                        {
                            ["grant_type"] = "client_credentials",
                            ["client_id"] = $"{client}",
                            ["client_secret"] = "made up",
                        }
                    )
                )
            ).Status;

        async Task<ApiClient> Token() => app.Api.WithToken((
                    await app.Api.Post(
                        "/connect/token",
                        new FormUrlEncodedContent(
                            new Dictionary<string, string>
                            {
                                ["grant_type"] = "client_credentials",
                                ["client_id"] = made["clientId"].GetString()!,
                                ["client_secret"] = made["clientSecret"].GetString()!,
                            }
                        )
                    )
                ).Should(200)["access_token"].GetString());

        static string Left(Answer answer) => answer.Headers.GetValues("RateLimit").Single();
    }

    [Fact]
    public async Task A_proxy_that_is_not_trusted_is_told_to_the_operator_once()
    {
        await using var app = await TestApp.StartAsync();
        var proxied = app.Api.WithHeader("X-Forwarded-For", "192.0.2.1");
        (await proxied.Get("/api/nowhere")).Should(404);
        (await proxied.Get("/api/nowhere")).Should(404);
        Assert.Single(app.Log.Lines, line => line.Contains("TrustedProxies is empty", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_address_has_a_hundred_emails_sent_to_strangers_an_hour_and_no_more()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "1000" } }
        );
        string[] calls = ["resend-confirmation", "forgot-password"];
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 120).Select(call => Call(app.Api, calls[call % 2], new { email = People.NewEmail() }))
        );
        Assert.Equal(100, answers.Count(answer => answer.Status == 202));
        var rejected = answers.First(answer => answer.Status != 202).Should(429, "users.too_many_emails");
        Assert.InRange(rejected.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));

        var signUp = new
        {
            firstName = "Robin",
            lastName = "Person",
            email = People.NewEmail(),
            password = People.NewPassword(),
        };
        (await Call(app.Api, "sign-up", signUp)).Should(429, "users.too_many_emails");
        (await Call(app.ApiFrom("127.0.6.1"), "sign-up", signUp)).Should(201);

        app.Clock.Advance(TimeSpan.FromHours(1));
        (await Call(app.Api, "sign-up", signUp)).Should(201);

        static Task<Answer> Call(ApiClient api, string call, object body) => api.Post($"/api/users/{call}", body);
    }

    [Fact]
    public async Task One_person_has_five_letters_an_hour_sent_to_addresses_that_are_to_become_theirs()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "1000" } }
        );
        var person = await app.SignUpAndConfirm();
        (
            await person.Api.Post("/api/users/me/email", new { newEmail = People.NewEmail(), password = "a slip" })
        ).Should(422, "users.wrong_password"); // no letter was sent
        for (var letter = 1; letter <= 5; letter++)
            (await Changes()).Should(202);
        (await Changes()).Should(429, "users.too_many_emails");

        Task<Answer> Changes() =>
            person.Api.Post("/api/users/me/email", new { newEmail = People.NewEmail(), password = person.Password });
    }

    [Fact]
    public async Task One_address_tries_a_hundred_passwords_on_different_accounts_an_hour_and_no_more()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "1000" } }
        );
        var person = await app.SignUpAndConfirm();
        var stranger = app.ApiFrom("127.0.6.2");
        (await SignsIn(stranger, person.Email, person.Password)).Should(200); // no guess: it is not counted
        for (var guess = 0; guess < 100; guess++)
            (await SignsIn(stranger, People.NewEmail(), "one password for all")).Should(401);

        (await SignsIn(stranger, People.NewEmail(), "one password for all")).Should(429, "users.locked_out");
        // Where a person has signed in before, they still do.
        (await SignsIn(stranger, person.Email, person.Password)).Should(200);
        (await SignsIn(app.Api, People.NewEmail(), "one password for all")).Should(401);

        static Task<Answer> SignsIn(ApiClient api, string email, string password) =>
            api.Post("/api/users/sign-in", new { email, password });
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
