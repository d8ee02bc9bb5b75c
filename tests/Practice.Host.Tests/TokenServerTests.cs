using System.Text.Json;

namespace Practice.Host.Tests;

/// <summary>What API clients discover before they ask for a token.</summary>
public sealed class TokenServerTests
{
    private const string WellKnown = "/.well-known/oauth-authorization-server";

    [Fact]
    public async Task The_issuer_is_the_public_address_to_the_letter()
    {
        var plain = (await (await TestApp.StartedAsync()).Api.Get(WellKnown)).Should(200);
        Assert.Equal("application/json", plain.ContentType);
        Assert.Equal(
            """
            {"issuer":"https://practice.test","token_endpoint":"https://practice.test/connect/token","grant_types_supported":["client_credentials"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"]}
            """,
            JsonSerializer.Serialize(plain.Json)
        );

        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["PublicUrl"] = "https://clinic.test/staff/" } }
        );
        foreach (var path in new[] { WellKnown, $"{WellKnown}/staff", $"{WellKnown}/staff/" })
        {
            // A client that sends another host is told the same.
            var nested = (await app.Api.WithHeader("Host", "evil.test").Get(path)).Should(200);
            Assert.Equal("https://clinic.test/staff/", nested["issuer"].GetString());
            Assert.Equal("https://clinic.test/staff/connect/token", nested["token_endpoint"].GetString());
        }

        (await app.Api.Get($"{WellKnown}/other")).Should(404);
        (await app.Api.Get("/.well-known/openid-configuration")).Should(404);
        (await app.Api.Get("/connect/token")).Should(405);
    }
}
