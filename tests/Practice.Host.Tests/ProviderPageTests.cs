using System.Net;
using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary>Sign-in with an identity provider through the pages, without script.</summary>
public sealed partial class ProviderPageTests : IAsyncLifetime
{
    private const string Callback = "/sign-in/provider/contoso",
        Link = $"{Callback}/link";

    private TestIssuer _issuer = null!;
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _app = await TestApp.StartAsync(
            new TestAppOptions { Settings = _issuer.SettingsFor(0, "contoso").ToDictionary() }
        );
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task The_password_connects_and_the_next_sign_in_opens_the_page_that_was_asked_for()
    {
        var person = await _app.SignUpAndConfirm();
        var who = new IssuedIdentity("subject", person.Email);
        using var browser = new Browser(_app);
        Assert.Equal(Link, LocationOf(await Returns(browser, who)));
        var wrong = await Post(browser, Link, "password", ("password", "not the password"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains(
            "The password is not right.",
            await wrong.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );

        Assert.Equal("/", LocationOf(await Post(browser, Link, "password", ("password", person.Password))));
        Assert.Contains("<strong>contoso</strong>", await Text(browser, "/security"), StringComparison.Ordinal);

        using var again = new Browser(_app);
        Assert.Equal("/account/mail", LocationOf(await Returns(again, who, "/sign-in?to=%2Faccount%2Fmail")));
        Assert.Contains("Please sign in again", await Text(again, Link), StringComparison.Ordinal);
        using var strangers = new Browser(_app);
        Assert.Equal("/", LocationOf(await Returns(strangers, who, "/sign-in?to=%2F%2Fevil.example")));
    }

    [Fact]
    public async Task The_mailed_link_connects_by_its_button_in_the_same_browser()
    {
        var person = await _app.SignUpAndConfirm();
        using var browser = new Browser(_app);
        await Returns(browser, new("subject", person.Email));
        Assert.Equal($"{Link}?sent", LocationOf(await Post(browser, Link, "mail")));
        var mailed = (await _app.Mail.WaitFor(person.Email, "Sign in with contoso?")).Link!;

        using var other = new Browser(_app);
        Assert.Contains("Please sign in again", await Text(other, mailed), StringComparison.Ordinal);
        Assert.Contains("Connect contoso?", await Text(browser, mailed), StringComparison.Ordinal);
        Assert.Equal("/", LocationOf(await Post(browser, mailed, "connect")));

        Assert.Contains("<strong>contoso</strong>", await Text(browser, "/security"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_asked_for_on_its_own_page()
    {
        var person = await _app.SignUpAndConfirm();
        var codes = (await Authenticator.EnableFor(person)).RecoveryCodes;
        using var browser = new Browser(_app);
        await Returns(browser, new("subject", person.Email));

        var asked = LocationOf(await Post(browser, Link, "password", ("password", person.Password)))!;
        Assert.Equal($"{Callback}/code", asked);
        var wrong = await Post(browser, asked, "code", ("code", "000000"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal("/", LocationOf(await Post(browser, asked, "code", ("code", codes[0]))));
    }

    [Fact]
    public async Task What_the_provider_sends_back_works_once_and_in_the_browser_that_began()
    {
        var person = await _app.SignUpAndConfirm();
        using var browser = new Browser(_app);
        var back = await BackFrom(browser, new("subject", person.Email));

        using var other = new Browser(_app);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.Get(back)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.Head(back)).StatusCode); // a scanner's uses nothing up
        Assert.Equal(Link, LocationOf(await browser.Get(back)));
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Get(back)).StatusCode);
    }

    [Fact]
    public async Task A_person_without_an_account_reads_what_to_do()
    {
        using var browser = new Browser(_app);

        var page = await Returns(browser, new("subject", People.NewEmail()));

        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("Create an account", text, StringComparison.Ordinal);
        Assert.Contains("No confirmed account has the email", text, StringComparison.Ordinal);
    }

    /// <summary>From the sign-in page to the provider and back: the address that the provider sends the browser to.</summary>
    private async Task<string> BackFrom(Browser browser, IssuedIdentity who, string page = "/sign-in")
    {
        var begun = await (await Post(browser, page, "provider-contoso")).Content.ReadAsStringAsync();
        var url = WebUtility.HtmlDecode(Refresh().Match(begun).Groups[1].Value);
        var (state, code) = _issuer.SignsIn(url, who);
        return $"{Callback}?state={state}&code={code}&iss={Uri.EscapeDataString(_issuer.Authority)}";
    }

    private async Task<HttpResponseMessage> Returns(Browser browser, IssuedIdentity who, string page = "/sign-in") =>
        await browser.Get(await BackFrom(browser, who, page));

    private static async Task<HttpResponseMessage> Post(
        Browser browser,
        string page,
        string form,
        params (string Name, string Value)[] fields
    ) => await browser.Post(page, await browser.Token(page), [("_handler", form), .. fields]);

    private static async Task<string> Text(Browser browser, string page) =>
        await (await browser.Get(page)).Content.ReadAsStringAsync();

    private static string? LocationOf(HttpResponseMessage answer) =>
        answer.Headers.Location is { } location
            ? new Uri(answer.RequestMessage!.RequestUri!, location).PathAndQuery
            : null;

    [GeneratedRegex("""http-equiv="refresh" content="0;url=([^"]+)""")]
    private static partial Regex Refresh();
}
