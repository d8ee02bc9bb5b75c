using System.Net;
using System.Text.RegularExpressions;

namespace Practice.Host.Tests;

/// <summary>
/// What holds for the front end whatever is on its pages: its sessions, its forms, and what a browser is told. The
/// pages have tests in a browser.
/// </summary>
public sealed partial class FrontEndTests
{
    private const string SomePage = "/practice";
    private static readonly TimeSpan AccessTokenLife = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task The_cookie_names_a_session_and_holds_no_token()
    {
        await using var app = await TestApp.StartAsync();
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        var answer = await browser.SignIn(person);

        var cookie = Assert.Single(Browser.SetCookies(answer), line =>
            line.StartsWith("practice-session=", StringComparison.Ordinal)
        );
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires=", cookie, StringComparison.OrdinalIgnoreCase); // gone with the browser

        // The API takes bearer tokens alone: nothing that a browser sends along by itself opens it.
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Get("/api/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get(SomePage)).StatusCode);
    }

    [Fact]
    public async Task The_cookie_goes_over_https_alone_where_people_come_by_https()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["PublicUrl"] = "https://practice.test" } }
        );
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        var cookie = Assert.Single(Browser.SetCookies(await browser.SignIn(person)), line =>
            line.StartsWith("practice-session=", StringComparison.Ordinal)
        );
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_kept_of_a_session_is_sealed_and_opens_only_in_its_place()
    {
        await using var app = await StartAsync();
        var (one, other) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        using var browser = new Browser(app);
        await browser.SignIn(one);
        var kept = (byte[])(await app.Owner.Rows("select sealed from web.sessions")).Single()[0]!;
        Assert.DoesNotContain("access_token", System.Text.Encoding.UTF8.GetString(kept), StringComparison.Ordinal);

        using var second = new Browser(app);
        await second.SignIn(other);
        Assert.True(await IsSignedIn(second));
        // Who can write the database puts one person's session in another's place.
        await app.Owner.Execute("update web.sessions set sealed = $1", kept);
        Assert.False(await IsSignedIn(second));
        Assert.True(await IsSignedIn(browser));
    }

    [Fact]
    public async Task A_session_outlives_the_host()
    {
        var database = await TestServer.NewDatabaseAsync();
        using var browser = new Browser();
        await using (var first = await StartAsync(database))
        {
            browser.Visit(first);
            await browser.SignIn(await first.SignUpAndConfirm());
        }

        await using var next = await StartAsync(database);
        browser.Visit(next);
        Assert.True(await IsSignedIn(browser));
    }

    [Fact]
    public async Task An_access_token_is_exchanged_once_before_it_ends_however_many_pages_ask_on_however_many_hosts()
    {
        var database = await TestServer.NewDatabaseAsync();
        await using var here = await StartAsync(database);
        await using var there = await StartAsync(database);
        var person = await here.SignUpAndConfirm();
        using var browser = new Browser(here);
        await browser.SignIn(person);
        var before = await Exchanges(here);

        foreach (var host in new[] { here, there })
            host.Clock.Advance(AccessTokenLife - TimeSpan.FromMinutes(1));
        var pages = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async page =>
                {
                    using var tab = browser.Tab(page % 2 == 0 ? here : there);
                    return await IsSignedIn(tab);
                })
        );

        Assert.All(pages, Assert.True);
        Assert.Equal(before + 1, await Exchanges(here));

        static async Task<long> Exchanges(TestApp app) =>
            await app.Owner.Scalar<long>("select count(*) from users.refresh_tokens where used_at is not null");
    }

    [Fact]
    public async Task A_browser_left_alone_for_half_an_hour_is_signed_out_and_each_page_restarts_the_half_hour()
    {
        await using var app = await StartAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        for (var pause = 0; pause < 3; pause++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(25));
            Assert.True(await IsSignedIn(browser));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.False(await IsSignedIn(browser));
    }

    [Fact]
    public async Task The_limit_is_a_setting_that_pages_know_and_signing_out_after_it_is_no_mistake()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["Web:IdleLimit"] = "00:10:00" } }
        );
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        app.Clock.Advance(TimeSpan.FromMinutes(9));
        var page = await browser.Get("/account");
        Assert.Contains(
            "data-idle-seconds=\"600\" data-warn-seconds=\"120\"",
            await page.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        var token = await browser.Token("/account");

        app.Clock.Advance(TimeSpan.FromMinutes(11));
        var late = await browser.Get("/account/mail");
        Assert.Equal("/sign-in?to=%2Faccount%2Fmail", new Uri(app.Url, late.Headers.Location!).PathAndQuery);
        // As the page does by itself, whose form is of a session that is over.
        var signedOut = await browser.Post("/sign-out?idle", token);
        Assert.Equal("/sign-in?idle", signedOut.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task What_is_sent_from_a_page_after_a_sign_out_elsewhere_leads_back_to_that_page()
    {
        await using var app = await StartAsync();
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await browser.SignIn(person);
        var token = await browser.Token("/account");
        (await person.Api.Post("/api/users/sign-out-everywhere")).Should(204);

        var answer = await browser.Post("/account/mail", token, ("_handler", "mail"));
        Assert.Equal("/sign-in?ended&to=%2Faccount%2Fmail", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Script_that_patches_a_page_gets_none_of_what_is_for_browsers_without_it()
    {
        await using var app = await StartAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        const string refresh = "http-equiv=\"refresh\"";
        Assert.Contains(
            refresh,
            await (await browser.Get("/account")).Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            refresh,
            await (await browser.Get("/account", "text/html; blazor-enhanced-nav=on")).Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Signed_out_everywhere_the_next_page_leads_to_the_sign_in_and_back()
    {
        await using var app = await StartAsync();
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await browser.SignIn(person);
        (await person.Api.Post("/api/users/sign-out-everywhere")).Should(204);

        var answer = await browser.Get(SomePage);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-in?ended&to=%2Fpractice", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_for_every_copy_of_the_cookie()
    {
        await using var app = await StartAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        using var copy = browser.Tab(app);
        Assert.Equal(
            HttpStatusCode.Redirect,
            (await browser.Post("/sign-out", await browser.Token(SomePage))).StatusCode
        );
        Assert.False(await IsSignedIn(copy));
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from web.sessions"));
    }

    [Theory]
    [InlineData("/sign-out")]
    [InlineData("/sign-in")]
    public async Task A_form_without_its_token_is_not_taken(string path)
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post(path, token: null)).StatusCode);
        Assert.True(await IsSignedIn(browser));
    }

    [Theory]
    [InlineData("https://elsewhere.test/")]
    [InlineData("//elsewhere.test/")]
    [InlineData("/\\elsewhere.test")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_sent_elsewhere_by_a_link_to_the_sign_in(string address)
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        var answer = await browser.SignIn(await app.SignUpAndConfirm(), $"/sign-in?to={Uri.EscapeDataString(address)}");
        Assert.Equal("/", new Uri(app.Url, answer.Headers.Location!).PathAndQuery);
        Assert.Equal(app.Url.Authority, new Uri(app.Url, answer.Headers.Location!).Authority);
    }

    [Theory]
    [InlineData("/sign-in", 200)]
    [InlineData("/nothing-here", 404)]
    public async Task A_page_is_kept_by_nobody_and_runs_nothing_that_stands_in_it(string path, int status)
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        var answer = await browser.Get(path);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_pages_make_do_not_count_against_the_address_and_nobody_else_can_make_such_calls()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "12" } }
        );
        using var browser = new Browser(app);
        var person = await app.SignUpAndConfirm(); // 4 calls
        await browser.SignIn(person); // 2
        for (var page = 0; page < 3; page++)
            // Each asks the API several times.
            Assert.Equal(HttpStatusCode.OK, (await browser.Get(SomePage)).StatusCode);
        while ((await browser.Get("/sign-in")).StatusCode == HttpStatusCode.OK) { }

        (await app.Api.WithHeader("Practice-Front-End", new string('0', 64)).Get("/api/nowhere")).Should(429);
    }

    [Fact]
    public async Task What_the_api_refuses_while_a_page_is_made_becomes_a_page_with_its_status()
    {
        await using var app = await StartAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        using var browser = new Browser(app);
        await browser.SignIn(owner);
        foreach (
            var path in new[]
            {
                $"/practice/{group.Id}/patients/{Guid.CreateVersion7()}",
                $"/practice/{Guid.CreateVersion7()}/patients",
            }
        )
        {
            var answer = await browser.Get(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Contains(
                "<h1>Page not found</h1>",
                await answer.Content.ReadAsStringAsync(),
                StringComparison.Ordinal
            );
        }
    }

    private static Task<TestApp> StartAsync(string? database = null) =>
        TestApp.StartAsync(new() { ConnectionString = database });

    private static async Task<bool> IsSignedIn(Browser browser) =>
        (await browser.Get(SomePage)).StatusCode == HttpStatusCode.OK;

    /// <summary>Cookies and forms, as a browser without script has them; it goes nowhere by itself.</summary>
    private sealed partial class Browser : IDisposable
    {
        private readonly CookieContainer _cookies;
        private readonly HttpClient _http;
        private Uri? _site;

        public Browser(TestApp? app = null)
            : this(app?.Url, new CookieContainer()) { }

        private Browser(Uri? site, CookieContainer cookies)
        {
            (_site, _cookies) = (site, cookies);
            _http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });
        }

        public void Visit(TestApp app) => _site = app.Url;

        /// <summary>Another window of the same browser, at this host.</summary>
        public Browser Tab(TestApp app)
        {
            var copy = new CookieContainer();
            foreach (Cookie cookie in _cookies.GetAllCookies())
                copy.Add(new Cookie(cookie.Name, cookie.Value, "/", "practice.test"));
            return new Browser(app.Url, copy);
        }

        public async Task<HttpResponseMessage> SignIn(Person person, string path = "/sign-in") =>
            await Post(
                path,
                await Token("/sign-in"),
                ("_handler", "sign-in"),
                ("email", person.Email),
                ("password", person.Password)
            );

        public Task<HttpResponseMessage> Get(string path, string accept = "text/html")
        {
            var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Accept", accept);
            return SendAsync(request);
        }

        public Task<HttpResponseMessage> Post(string path, string? token, params (string Name, string Value)[] fields)
        {
            var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).ToList();
            if (token is not null)
                form.Add(KeyValuePair.Create("__RequestVerificationToken", token));
            return SendAsync(
                new HttpRequestMessage(HttpMethod.Post, path)
                {
                    Content = new FormUrlEncodedContent(form),
                    Headers = { { "Accept", "text/html" } },
                }
            );
        }

        /// <summary>What proves that a form was made for this browser, from a page with one.</summary>
        public async Task<string> Token(string path) =>
            TokenField().Match(await (await Get(path)).Content.ReadAsStringAsync()).Groups[1].Value;

        public static IEnumerable<string> SetCookies(HttpResponseMessage answer) =>
            answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [];

        public void Dispose() => _http.Dispose();

        private static readonly Uri CookieSite = new("https://practice.test/");

        private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            request.RequestUri = new Uri(_site!, request.RequestUri!);
            if (_cookies.GetCookieHeader(CookieSite) is { Length: > 0 } cookies)
                request.Headers.Add("Cookie", cookies);
            var answer = await _http.SendAsync(request);
            foreach (var line in SetCookies(answer))
                _cookies.SetCookies(CookieSite, line);
            return answer;
        }

        [GeneratedRegex("""__RequestVerificationToken" value="([^"]+)""")]
        private static partial Regex TokenField();
    }
}
