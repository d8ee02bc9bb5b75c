using System.Net;
using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary>Sign-in with an identity provider through the pages, without script.</summary>
public sealed partial class ProviderPageTests : IAsyncLifetime
{
    private const string Callback = "/sign-in/provider/contoso",
        Link = $"{Callback}/link";

    private static readonly (string, string) Contoso = ("provider", "contoso");

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

    [Fact]
    public async Task The_security_page_connects_and_disconnects_after_the_password()
    {
        var person = await _app.SignUpAndConfirm();
        using var browser = new Browser(_app);
        await browser.SignIn(person);
        await _app.VerificationEnds(person.Id);
        var who = new IssuedIdentity("subject", person.Email);

        var asked = await Post(browser, "/security", "connect-contoso");
        Assert.Contains("verify.password", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var back = await BackFrom(browser, who, "/security", "connect-contoso", ("verify.password", person.Password));
        using var stranger = new Browser(_app);
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.Get(back)).StatusCode);
        Assert.Equal("/security", LocationOf(await browser.Get(back)));

        var page = await Text(browser, "/security");
        Assert.Contains("contoso is connected.", page, StringComparison.Ordinal);
        Assert.Contains("<strong>contoso</strong>", page, StringComparison.Ordinal);
        Assert.Contains("Connect another contoso account", page, StringComparison.Ordinal);
        using var again = new Browser(_app);
        Assert.Equal("/", LocationOf(await Returns(again, who)));
        var form = Regex.Match(page, "disconnect-[0-9a-f-]{36}").Value;
        Assert.Equal("/security", LocationOf(await Post(browser, "/security", form)));
        Assert.DoesNotContain("<strong>contoso</strong>", await Text(browser, "/security"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_of_somebody_else_is_not_connected_and_the_page_says_so()
    {
        var (person, other) = (await _app.SignUpAndConfirm(), await _app.SignUpAndConfirm());
        var who = new IssuedIdentity("subject", other.Email);
        using var theirs = new Browser(_app);
        await theirs.SignIn(other);
        await theirs.Get(await BackFrom(theirs, who, "/security", "connect-contoso"));
        using var browser = new Browser(_app);
        await browser.SignIn(person);

        var refused = await browser.Get(await BackFrom(browser, who, "/security", "connect-contoso"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.Contains("connected with another account", text, StringComparison.Ordinal);
        Assert.Contains("href=\"/security\"", text, StringComparison.Ordinal);
        var stranger = new IssuedIdentity("stranger", other.Email);
        var differs = await browser.Get(await BackFrom(browser, stranger, "/security", "connect-contoso"));
        Assert.Equal(HttpStatusCode.BadRequest, differs.StatusCode);
        Assert.Contains("another email than here", await differs.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_practice_that_requires_the_provider_offers_it_and_opens_where_the_person_was()
    {
        var owner = await _app.SignUpAndConfirm();
        var group = await owner.CreatesGroup("The clinic");
        var who = new IssuedIdentity("subject", owner.Email);
        var settings = $"/practice/{group.Id}/settings/practice";
        using var byPassword = new Browser(_app);
        await byPassword.SignIn(owner);
        var tooEarly = await Post(byPassword, settings, "sign-in-rule", await VersionOf(byPassword), Contoso);
        Assert.Contains(
            "Sign in with this identity provider yourself",
            await tooEarly.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "contoso: you have not connected it yet",
            await Text(byPassword, settings),
            StringComparison.Ordinal
        );
        using var browser = new Browser(_app);
        await Returns(browser, who);
        await Post(browser, Link, "password", ("password", owner.Password));

        Assert.Equal(
            settings,
            LocationOf(await Post(browser, settings, "sign-in-rule", await VersionOf(browser), Contoso))
        );

        var saved = await Text(browser, settings);
        Assert.Contains("Saved.", saved, StringComparison.Ordinal);
        Assert.Contains("contoso: all users have connected it.", saved, StringComparison.Ordinal);
        var kept = $"/practice/{group.Id}/sign-in?to={Uri.EscapeDataString(settings)}";
        Assert.Equal(kept, LocationOf(await byPassword.Get(settings)));
        Assert.Contains("Sign in with contoso", await Text(byPassword, kept), StringComparison.Ordinal);
        Assert.Equal(settings, LocationOf(await byPassword.Get(await BackFrom(byPassword, who, kept, "provider"))));
        Assert.Equal(HttpStatusCode.OK, (await byPassword.Get(settings)).StatusCode);

        async Task<(string, string)> VersionOf(Browser with) =>
            ("version", WebUtility.HtmlDecode(Version().Match(await Text(with, settings)).Groups[1].Value));
    }

    [Fact]
    public async Task Where_the_provider_is_not_offered_any_more_an_owner_allows_any_sign_in()
    {
        var owner = await _app.SignUpAndConfirm();
        var group = await owner.CreatesGroup("The clinic");
        var member = await group.AddsNewPerson();
        await _app.Owner.Execute(
            "update groups.groups set required_provider = 'former', required_issuer = 'https://gone.test' where id = $1",
            group.Id
        );
        await _app.Owner.Execute("select authority.write_sign_in_rule($1, 'https://gone.test')", group.Id);
        var page = $"/practice/{group.Id}/sign-in";
        using var browser = new Browser(_app);
        await browser.SignIn(owner);
        using var theirs = new Browser(_app);
        await theirs.SignIn(member);

        Assert.DoesNotContain("Allow any sign-in", await Text(theirs, page), StringComparison.Ordinal);
        var shown = await Text(browser, page);
        Assert.DoesNotContain("Sign in with former</button>", shown, StringComparison.Ordinal);
        var version = ("version", WebUtility.HtmlDecode(Version().Match(shown).Groups[1].Value));
        Assert.Equal($"/practice/{group.Id}", LocationOf(await Post(browser, page, "allow", version)));
        Assert.Equal(HttpStatusCode.OK, (await theirs.Get($"/practice/{group.Id}")).StatusCode);
    }

    /// <summary>
    /// From the sign-in page to the provider and back: the address that the provider sends the browser to.
    /// </summary>
    private async Task<string> BackFrom(
        Browser browser,
        IssuedIdentity who,
        string page = "/sign-in",
        string form = "provider-contoso",
        params (string Name, string Value)[] fields
    )
    {
        var begun = await (await Post(browser, page, form, fields)).Content.ReadAsStringAsync();
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

    [GeneratedRegex("name=\"version\"\\s+value=\"([^\"]+)\"")]
    private static partial Regex Version();
}
