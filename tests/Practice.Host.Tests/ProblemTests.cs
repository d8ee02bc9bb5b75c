namespace Practice.Host.Tests;

public sealed class ProblemTests
{
    [Fact]
    public async Task A_path_that_leads_nowhere_answers_404()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get("/api/nowhere")).Should(404, "request.not_found");
    }

    [Fact]
    public async Task A_call_without_a_session_answers_401()
    {
        var app = await TestApp.StartedAsync();
        (await app.Api.Get($"/api/groups/{Guid.CreateVersion7()}/locations")).Should(401, "auth.not_signed_in");
    }
}
