using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

public sealed class WellKnownTests
{
    [Fact]
    public async Task A_password_manager_finds_where_a_password_is_changed()
    {
        var app = await TestApp.StartedAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = app.Url };

        using var answer = await http.GetAsync(new Uri("/.well-known/change-password", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/change-password", answer.Headers.Location!.OriginalString);

        // A program that asks for what no site has must not be told that it is there.
        (await app.Api.Get("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200")).Should(
            404
        );
    }

    [Fact]
    public async Task Search_engines_are_told_to_leave()
    {
        var app = await TestApp.StartedAsync();
        Assert.Equal("User-agent: *\nDisallow: /\n", (await app.Api.Get("/robots.txt")).Should(200).Text);
    }

    [Fact]
    public async Task Security_txt_names_the_contact_of_the_operator_and_has_not_expired()
    {
        await using var app = await TestApp.StartAsync(
            new()
            {
                Settings = new Dictionary<string, string?> { ["Security:Contact"] = "mailto:security@practice.test" },
            }
        );
        var text = (await app.Api.Get("/.well-known/security.txt")).Should(200).Text.Split('\n');

        Assert.Contains("Contact: mailto:security@practice.test", text);
        Assert.Contains("Canonical: https://practice.test/.well-known/security.txt", text);
        var expires = DateTimeOffset.Parse(
            Regex.Match(string.Join('\n', text), "^Expires: (.*)$", RegexOptions.Multiline).Groups[1].Value,
            CultureInfo.InvariantCulture
        );
        Assert.InRange(expires - app.Clock.GetUtcNow(), TimeSpan.FromDays(30), TimeSpan.FromDays(365));
    }

    [Fact]
    public async Task Without_a_contact_there_is_no_security_txt() =>
        (await (await TestApp.StartedAsync()).Api.Get("/.well-known/security.txt")).Should(404);

    [Theory]
    [InlineData("/api/users/me")]
    [InlineData("/api/groups")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/nothing")]
    [InlineData("/api/users/sign-up")]
    public async Task HEAD_answers_as_GET_without_a_body(string path)
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        foreach (var api in new[] { app.Api, person.Api })
        {
            var get = await api.Get(path);
            var head = await api.Send(HttpMethod.Head, path);

            Assert.Equal((get.Status, ""), (head.Status, head.Text));
            Assert.Equal(get.ContentType, head.ContentType);
            Assert.Equal(get.ETag, head.ETag);
        }
    }
}
