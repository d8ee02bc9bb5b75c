using System.Net.Http.Headers;
using System.Text;

namespace Practice.Host.Tests;

/// <summary>Whatever a client sends, it is answered with problem details and a code.</summary>
public sealed class ProblemTests
{
    private static readonly string Locations = $"/api/groups/{Guid.CreateVersion7()}/locations";

    [Fact]
    public async Task A_path_that_leads_nowhere_answers_404()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get("/api/nowhere")).Should(404, "request.not_found");
    }

    [Fact]
    public async Task An_id_that_is_no_id_answers_404()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get("/api/groups/1/locations")).Should(404, "request.not_found");
    }

    [Fact]
    public async Task A_call_without_a_session_answers_401()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get(Locations)).Should(401, "auth.not_signed_in");
    }

    [Fact]
    public async Task An_act_that_does_not_exist_answers_405_and_names_those_that_do()
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
        (await app.Api.Post(Locations, body)).Should(413, "request.too_large");
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
    public async Task Answers_of_the_API_are_stored_nowhere_and_sniffed_by_nobody()
    {
        var app = await TestApp.StartedAsync();
        var answer = await app.Api.Get("/api/nowhere");
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Empty(answer.Headers.Server);
    }

    [Fact]
    public async Task A_problem_tells_a_trace_id_and_no_stack_trace()
    {
        var app = await TestApp.StartedAsync();
        var answer = (await app.Api.Get("/api/nowhere")).Should(404);
        Assert.NotEmpty(answer["traceId"].GetString()!);
        Assert.Equal(
            ["type", "title", "status", "detail", "traceId", "code"],
            answer.Json.EnumerateObject().Select(member => member.Name)
        );
    }
}
