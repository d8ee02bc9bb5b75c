using System.Net;
using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary>The session behind a browser's cookie ends by itself where the browser is left alone, whatever its page does.</summary>
public sealed partial class BrowserSessionTests
{
    [Fact]
    public async Task It_lives_as_long_as_people_are_told_and_not_much_longer()
    {
        await using var app = await TestApp.StartAsync(new() { Settings = new Dictionary<string, string?> { ["PublicUrl"] = "http://127.0.0.1", ["Web:IdleLimit"] = "00:10:00" } });
        var person = await app.SignUpAndConfirm();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Url };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        (await SignInAsync(browser, person)).EnsureRedirect("/account");

        // Left alone for just under the limit, four times over: longer than an access token lives.
        foreach (var _ in Enumerable.Range(0, 4))
        {
            app.Clock.Advance(TimeSpan.FromMinutes(9.9));
            using var page = await browser.GetAsync(new Uri("/account", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal("no-store", page.Headers.CacheControl?.ToString());
            Assert.Contains("data-idle-seconds=\"600\" data-warn-seconds=\"120\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(12));
        using var late = await browser.GetAsync(new Uri("/account/mail", UriKind.Relative));
        late.EnsureRedirect("/sign-in?to=%2Faccount%2Fmail");

        // The page that signs itself out then is not told that its form is too old.
        using var signOut = await browser.PostAsync(new Uri("/sign-out?idle", UriKind.Relative), new FormUrlEncodedContent([]));
        signOut.EnsureRedirect("/sign-in?idle");
    }

    [Fact]
    public async Task Nobody_else_signs_a_browser_out()
    {
        await using var app = await TestApp.StartAsync(new() { Settings = new Dictionary<string, string?> { ["PublicUrl"] = "http://127.0.0.1" } });
        var person = await app.SignUpAndConfirm();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Url };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        (await SignInAsync(browser, person)).EnsureRedirect("/account");
        using var forged = await browser.PostAsync(new Uri("/sign-out", UriKind.Relative), new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using var page = await browser.GetAsync(new Uri("/account", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, Person person)
    {
        var path = new Uri("/sign-in?to=/account", UriKind.Relative);
        var form = await browser.GetStringAsync(path);
        return await browser.PostAsync(path, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = Token().Match(form).Groups[1].Value,
            ["email"] = person.Email,
            ["password"] = person.Password,
        }));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}

internal static class Redirects
{
    public static void EnsureRedirect(this HttpResponseMessage answer, string where)
    {
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var location = answer.Headers.Location!;
        Assert.Equal(where, location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString);
    }
}
