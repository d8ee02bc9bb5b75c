using System.Net.Http.Headers;
using System.Text;
using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Practice.Authorization;

namespace Practice.Host.Tests;

/// <summary>Every failed request gets problem details with a code.</summary>
public sealed class ProblemTests
{
    private static readonly string Locations = $"/api/groups/{Guid.CreateVersion7()}/locations";

    [Fact]
    public async Task An_unknown_path_answers_404()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get("/api/nowhere")).Should(404, "request.not_found");
    }

    [Fact]
    public async Task An_invalid_id_answers_404()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get("/api/groups/1/locations")).Should(404, "request.not_found");
    }

    [Fact]
    public async Task A_request_without_a_session_answers_401()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get(Locations)).Should(401, "auth.not_signed_in");
    }

    [Fact]
    public async Task A_wrong_method_answers_405_and_names_the_allowed_ones()
    {
        var app = await TestApp.StartedAsync();
        using var http = new HttpClient { BaseAddress = app.Url };
        using var answer = await http.PatchAsync(Locations, null);
        Assert.Equal(405, (int)answer.StatusCode);
        Assert.Equal(["GET", "POST"], answer.Content.Headers.Allow.Order());

        (await app.Api.Send(HttpMethod.Patch, Locations)).Should(405, "request.method_not_allowed");
    }

    [Fact]
    public async Task A_body_that_is_too_large_answers_413()
    {
        var app = await TestApp.StartedAsync();
        var body = $$"""{"name": "{{new string('x', 1_100_000)}}"}""";
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        (await group.Owner.Api.Post($"{group.Path}/locations", body)).Should(413, "request.too_large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_JSON_answers_415(string type)
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Post(Locations, new StringContent("name=x", new MediaTypeHeaderValue(type)))).Should(
            415,
            "request.unsupported_media_type"
        );
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"firstName\": 1}")]
    [InlineData("{\"unheardOf\": 1}")]
    [InlineData("{\"firstName\": \"\\ud800\"}")]
    public async Task A_body_that_is_not_the_expected_JSON_answers_400(string body)
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Post("/api/users/sign-up", body)).Should(400, "request.invalid");
    }

    [Fact]
    public async Task A_body_in_another_encoding_answers_400()
    {
        var app = await TestApp.StartedAsync();
        var body = new ByteArrayContent(Encoding.Latin1.GetBytes("{\"firstName\": \"Zoë\"}"))
        {
            Headers = { ContentType = new("application/json") },
        };
        (await app.Api.Post("/api/users/sign-up", body)).Should(400, "request.invalid");
    }

    [Fact]
    public async Task Answers_of_the_API_are_not_cached_and_not_sniffed()
    {
        var app = await TestApp.StartedAsync();
        var answer = await app.Api.Get("/api/nowhere");
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Empty(answer.Headers.Server);
    }

    [Fact]
    public async Task A_problem_has_a_trace_id_and_no_stack_trace()
    {
        var app = await TestApp.StartedAsync();
        var answer = (await app.Api.Get("/api/nowhere")).Should(404);
        Assert.NotEmpty(answer["traceId"].GetString()!);
        Assert.Equal(
            ["type", "title", "status", "detail", "traceId", "code"],
            answer.Json.EnumerateObject().Select(member => member.Name)
        );
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html")]
    public async Task A_bug_answers_500_without_details_and_is_logged_once_with_its_route(string accept)
    {
        await using var app = await TestApp.StartAsync(
            new() { Services = services => services.AddSingleton<ICarterModule>(new FailingSlice()) }
        );

        var answer = (await app.Api.WithHeader("Accept", accept).Get("/api/test/fails/42")).Should(
            500,
            "request.failed"
        );

        Assert.NotEmpty(answer["traceId"].GetString()!);
        Assert.DoesNotContain("a bug", answer.Text, StringComparison.Ordinal);
        var logged = Assert.Single(app.Log.Errors);
        Assert.Contains("GET /api/test/fails/{id}", logged, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: a bug", logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_fails_shows_what_finds_it_in_the_log()
    {
        await using var app = await TestApp.StartAsync(
            new() { Services = services => services.AddSingleton<ICarterModule>(new FailingSlice()) }
        );
        using var browser = new Browser(app);

        var failed = await browser.Get("/test/fails/42");
        Assert.Equal(500, (int)failed.StatusCode);
        Assert.Matches("name the reference <code>[0-9a-f]{32}</code>", await failed.Content.ReadAsStringAsync());
        var missing = await browser.Get("/nothing-here");
        Assert.DoesNotContain("reference", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private sealed class FailingSlice : ICarterModule
    {
        public void AddRoutes(IEndpointRouteBuilder app)
        {
            foreach (var route in (string[])["/api/test/fails/{id}", "/test/fails/{id}"])
                app.MapGet(route, string (string id) => throw new InvalidOperationException($"a bug: {id}"))
                    .AllowAnyone();
        }
    }

    /// <summary>The exception handler clears headers that were set before, and most refusals are exceptions.</summary>
    [Fact]
    public async Task Every_answer_over_TLS_says_that_browsers_should_use_nothing_else()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["TrustedProxies"] = "127.0.0.1" } }
        );
        var overTls = app.Api.WithHeader("X-Forwarded-Proto", "https");
        foreach (var (path, status) in new[] { ("/api/users/me", 401), ("/api/nowhere", 404), ("/sign-in", 200) })
        {
            Assert.Equal("max-age=31536000; includeSubDomains", Sent(await overTls.Get(path), status));
            Assert.Null(Sent(await app.Api.Get(path), status));
        }

        static string? Sent(Answer answer, int status) =>
            answer.Should(status).Headers.TryGetValues("Strict-Transport-Security", out var sent)
                ? Assert.Single(sent)
                : null;
    }

    [Fact]
    public async Task A_refusal_is_logged_with_its_route_and_where_it_came_from()
    {
        await using var app = await TestApp.StartAsync();
        (await app.Api.Get($"/api/groups/{Guid.CreateVersion7()}")).Should(401);
        (await app.Api.Post("/api/users/sign-in", new { email = People.NewEmail(), password = "not the one" })).Should(
            401
        );

        foreach (var refused in new[] { "GET /api/groups/{groupId:guid}", "POST /api/users/sign-in" })
            Assert.Single(app.Log.Lines, line =>
                line.Contains($"Denied with 401: {refused} from 127.0.0.1", StringComparison.Ordinal)
            );
    }
}
