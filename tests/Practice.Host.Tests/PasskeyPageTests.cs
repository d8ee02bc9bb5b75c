using System.Net;
using System.Text.Json;

namespace Practice.Host.Tests;

/// <summary>How pages get challenges for the browser's passkeys.</summary>
public sealed class PasskeyPageTests
{
    [Theory]
    [InlineData("/sign-in/passkey")]
    [InlineData("/security/passkey")]
    [InlineData("/confirm/passkey")]
    public async Task A_challenge_takes_a_form_of_this_site(string path)
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post(path, token: null)).StatusCode);
    }

    [Fact]
    public async Task A_person_who_is_signed_out_gets_a_challenge_for_a_sign_in_only()
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        var token = await browser.Token("/sign-in");

        var challenge = await Json(await browser.Post("/sign-in/passkey", token), HttpStatusCode.OK);
        Assert.Equal("practice.test", challenge.GetProperty("options").GetProperty("rpId").GetString());
        Assert.NotEqual(Guid.Empty, challenge.GetProperty("attemptId").GetGuid());
        foreach (var path in new[] { "/security/passkey", "/confirm/passkey" })
        {
            var answer = await browser.Post(path, token);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.Contains("/sign-in", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Adding_goes_by_the_page_that_asks_who_the_person_is()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await browser.SignIn(person);
        var token = await browser.Token("/security");
        (await Json(await browser.Post("/security/passkey", token), HttpStatusCode.OK)).GetProperty("attemptId");

        await app.VerificationEnds(person.Id);
        var asked = await Json(await browser.Post("/security/passkey", token), HttpStatusCode.Forbidden);

        Assert.Equal("/confirm?again&to=%2Fsecurity", asked.GetProperty("url").GetString());
        Assert.Equal(
            "You have no passkey. Confirm your password instead.",
            (await Json(await browser.Post("/confirm/passkey", token), HttpStatusCode.Conflict))
                .GetProperty("message")
                .GetString()
        );
    }

    [Fact]
    public async Task A_form_without_an_answer_of_the_browser_says_so()
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        foreach (var credential in new[] { "", "{", "\"text\"", "null" })
        {
            var answer = await browser.Post(
                "/sign-in",
                await browser.Token("/sign-in"),
                ("_handler", "passkey"),
                ("attemptId", "nonsense"),
                ("credential", credential)
            );
            Assert.InRange((int)answer.StatusCode, 200, 499);
            Assert.Contains(
                "class=\"problem\" role=\"alert\"",
                await answer.Content.ReadAsStringAsync(),
                StringComparison.Ordinal
            );
        }
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
