using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Practice.Authorization;

namespace Practice.Host.Tests;

public sealed class ApiDocumentTests
{
    /// <summary>Set to 1 to write the served document to the repository; then review the change with git.</summary>
    private const string Accept = "PRACTICE_ACCEPT_OPENAPI";

    private static readonly string File = Path.Combine(Checkout.Folder, "docs", "openapi.json");

    [Fact]
    public async Task The_document_in_the_repository_is_the_one_served()
    {
        var app = await TestApp.StartedAsync();
        var served = (await app.Api.Get("/openapi/v1.json")).Should(200).Text.ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            await System.IO.File.WriteAllTextAsync(File, served);

        Assert.True(
            served == await System.IO.File.ReadAllTextAsync(File),
            "docs/openapi.json is not what the host serves. If the change is intended: "
                + $"{Accept}=1 dotnet test tests/Practice.Host.Tests --filter {nameof(ApiDocumentTests)}"
        );
    }

    [Fact]
    public async Task It_names_every_route_of_the_API_and_which_need_a_session()
    {
        var app = await TestApp.StartedAsync();
        var paths = (await app.Api.Get("/openapi/v1.json"))["paths"];
        var routes = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .ToArray();

        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var path = System.Text.RegularExpressions.Regex.Replace(route.RoutePattern.RawText!, ":[a-z]+}", "}");
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                Assert.True(
                    paths.TryGetProperty(path, out var item) && item.TryGetProperty(method.ToLowerInvariant(), out _),
                    $"{method} {path}"
                );
                var needsSession =
                    item.GetProperty(method.ToLowerInvariant()).TryGetProperty("security", out var security)
                    && security.GetArrayLength() > 0;
                Assert.True(
                    needsSession == (route.Metadata.GetMetadata<AccessRequirement>() is { CalendarFeed: false }),
                    $"{method} {path}: session {needsSession}"
                );
            }
        }
    }

    [Fact]
    public async Task It_says_which_bodies_may_be_left_out()
    {
        var app = await TestApp.StartedAsync();
        var optional =
            from path in (await app.Api.Get("/openapi/v1.json"))["paths"].EnumerateObject()
            from call in path.Value.EnumerateObject()
            where
                call.Value.TryGetProperty("requestBody", out var body)
                && !(body.TryGetProperty("required", out var required) && required.GetBoolean())
            select call.Value.GetProperty("operationId").GetString();
        Assert.Equal(
            [
                "CancelAppointment",
                "CancelCalendarAppointment",
                "ConfirmRequest",
                "DeactivateMember",
                "InvitePatient",
                "LeaveGroup",
                "OpenCalendarFeed",
            ],
            optional.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Its_page_loads_nothing_from_other_sites()
    {
        var app = await TestApp.StartedAsync();
        var page = (await app.Api.Get("/docs")).Should(200);
        Assert.Equal("text/html", page.ContentType);
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        var nonce = Regex.Match(policy, "'nonce-([^']+)'").Groups[1].Value;
        Assert.Equal(Regex.Count(page.Text, "<script"), Regex.Count(page.Text, $"nonce=\"{Regex.Escape(nonce)}\""));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }
}
