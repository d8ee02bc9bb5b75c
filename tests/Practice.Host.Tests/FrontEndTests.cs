using System.Net;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Practice.Host.Tests;

/// <summary>
/// What holds for the front end whatever is on its pages: its sessions, its forms, and what a browser is told. The
/// pages have tests in a browser.
/// </summary>
public sealed class FrontEndTests
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
            line.StartsWith("__Host-practice-session=", StringComparison.Ordinal)
        );
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires=", cookie, StringComparison.OrdinalIgnoreCase); // gone with the browser

        // The API takes bearer tokens alone: nothing that a browser sends along by itself opens it.
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Get("/api/users/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get(SomePage)).StatusCode);
    }

    [Fact]
    public async Task All_cookies_go_over_https_alone_where_people_come_by_https()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["PublicUrl"] = "https://practice.test" } }
        );
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        // TLS ends at a proxy that the host need not trust: the request comes by http.
        var cookies = Browser.SetCookies(await browser.Get("/sign-in")).ToList();
        cookies.AddRange(Browser.SetCookies(await browser.SignIn(person)));
        Assert.Contains(cookies, line => line.StartsWith("__Host-practice-forms=", StringComparison.Ordinal));
        Assert.Contains(cookies, line => line.StartsWith("__Host-practice-session=", StringComparison.Ordinal));
        Assert.All(cookies, line => Assert.Contains("secure", line, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Scanners and mail programs ask whether a page is there, without taking it.</summary>
    [Fact]
    public async Task Every_page_answers_HEAD_as_GET_without_the_page()
    {
        var app = await TestApp.StartedAsync();
        var pages = app
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .Where(page => page.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .ToList();
        Assert.NotEmpty(pages);
        Assert.All(pages, page =>
            Assert.Contains("HEAD", page.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
        );

        using var browser = new Browser(app);
        foreach (var path in new[] { "/", "/sign-in", "/confirm-email?token=x", "/practice", "/nowhere" })
        {
            var (head, get) = (await browser.Head(path), await browser.Get(path));
            Assert.Equal((path, get.StatusCode), (path, head.StatusCode));
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
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
    public async Task Wrong_passwords_typed_into_a_page_slow_down_that_browser_only()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var stranger = new Browser(app, "127.0.6.1");
        var token = await stranger.Token("/sign-in");
        for (var guess = 0; guess < 5; guess++)
            await SignsIn(stranger, "not the password");
        Assert.Contains("too many failed attempts", await SignsIn(stranger, person.Password), StringComparison.Ordinal);

        using var browser = new Browser(app, "127.0.6.2");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SignIn(person)).StatusCode);

        async Task<string> SignsIn(Browser at, string password) =>
            await (
                await at.Post(
                    "/sign-in",
                    token,
                    ("_handler", "sign-in"),
                    ("email", person.Email),
                    ("password", password)
                )
            ).Content.ReadAsStringAsync();
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

    [Fact]
    public async Task Signing_in_over_another_persons_session_ends_it_and_starts_a_new_one()
    {
        await using var app = await StartAsync();
        var (one, other) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        using var browser = new Browser(app);
        await browser.SignIn(one);
        using var copy = browser.Tab(app);

        await browser.SignIn(other);
        var account = await browser.Get("/account");
        Assert.Contains(other.Email, await account.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await copy.Get("/account")).StatusCode);
        // The session of the test's own calls is the only one left.
        Assert.Single((await one.Api.Get("/api/users/me/sessions")).Should(200).Items);
        Assert.Equal(1, await app.Owner.Scalar<long>("select count(*) from web.sessions"));
    }

    [Fact]
    public async Task A_cookie_planted_before_the_sign_in_opens_nothing_afterwards()
    {
        await using var app = await StartAsync();
        var (attacker, victim) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        using var attackers = new Browser(app);
        await attackers.SignIn(attacker);
        using var victims = attackers.Tab(app);

        await victims.SignIn(victim);
        Assert.True(await IsSignedIn(victims));
        Assert.NotEqual(attackers.Cookie("__Host-practice-session"), victims.Cookie("__Host-practice-session"));
        Assert.False(await IsSignedIn(attackers));
    }

    [Fact]
    public async Task A_slow_request_does_not_write_used_tokens_back()
    {
        await using var app = await StartAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        var (sessions, key) = SessionOf(app, browser);
        var slow = (await sessions.RetrieveAsync(key))!;
        app.Clock.Advance(AccessTokenLife - TimeSpan.FromMinutes(1));
        Assert.True(await IsSignedIn(browser)); // exchanges the tokens

        var now = app.Clock.GetUtcNow();
        (slow.Properties.IssuedUtc, slow.Properties.ExpiresUtc) = (now, now + TimeSpan.FromHours(1));
        await sessions.RenewAsync(key, slow);
        for (var exchange = 0; exchange < 3; exchange++) // beyond the first half hour: the session is extended
        {
            app.Clock.Advance(AccessTokenLife - TimeSpan.FromMinutes(1));
            Assert.NotNull(await sessions.RetrieveAsync(key));
        }
    }

    [Fact]
    public async Task A_slow_request_does_not_restore_a_session_after_the_sign_out()
    {
        await using var app = await StartAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        var (sessions, key) = SessionOf(app, browser);
        var slow = (await sessions.RetrieveAsync(key))!;
        await browser.Post("/sign-out", await browser.Token(SomePage));

        slow.Properties.ExpiresUtc = app.Clock.GetUtcNow() + TimeSpan.FromHours(1);
        await sessions.RenewAsync(key, slow);
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from web.sessions"));
    }

    [Fact]
    public async Task A_sign_out_during_an_exchange_of_tokens_is_final()
    {
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var line = new Line
        {
            At = "/api/users/refresh",
            Act = async (_, next) =>
            {
                reached.SetResult();
                await release.Task;
                await next();
            },
        };
        await using var app = await StartAsync(line);
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        var (sessions, key) = SessionOf(app, browser);
        app.Clock.Advance(AccessTokenLife - TimeSpan.FromMinutes(1));

        var exchange = sessions.RetrieveAsync(key);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var removal = sessions.RemoveAsync(key);
        await Eventually.Is(async () =>
            removal.IsCompleted
            || await app.Owner.Scalar<bool>(
                """
                select exists (select from pg_locks where locktype = 'advisory' and not granted
                    and database = (select oid from pg_database where datname = current_database()))
                """
            )
        );
        release.SetResult();
        await Task.WhenAll(exchange, removal);
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from web.sessions"));
    }

    [Fact]
    public async Task Pages_open_while_the_exchange_of_tokens_fails_and_the_current_one_is_valid()
    {
        await using var app = await StartAsync(Line.BrokenAt("/api/users/refresh"));
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        app.Clock.Advance(AccessTokenLife - TimeSpan.FromMinutes(1));
        Assert.True(await IsSignedIn(browser));
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var late = await browser.Get(SomePage);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Contains(
            "The service is not available at the moment. Try again shortly.",
            await late.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Signing_out_works_while_the_api_does_not_answer()
    {
        await using var app = await StartAsync(Line.BrokenAt("/api/users/sign-out"));
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        var answer = await browser.Post("/sign-out", await browser.Token(SomePage));
        Assert.Equal("/sign-in?bye", answer.Headers.Location?.OriginalString);
        Assert.Equal(0, await app.Owner.Scalar<long>("select count(*) from web.sessions"));
    }

    [Fact]
    public async Task A_page_stops_reading_when_the_browser_has_gone()
    {
        var (reached, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var line = new Line
        {
            At = "/api/users/me/mail-preferences",
            Act = async (http, _) =>
            {
                http.RequestAborted.Register(ended.SetResult);
                reached.SetResult();
                await ended.Task;
            },
        };
        await using var app = await StartAsync(line);
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        using var gone = new CancellationTokenSource();
        var page = browser.Get("/account/mail", ct: gone.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => page);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20)); // earlier than any timeout
    }

    [Theory]
    [InlineData("/sign-out")]
    [InlineData("/sign-in")]
    public async Task A_form_without_its_token_is_not_taken(string path)
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        await browser.SignIn(await app.SignUpAndConfirm());
        var answer = await browser.Post(path, token: null);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "This form has expired or belongs to another session. Go back, reload the page and send it again.",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.True(await IsSignedIn(browser));
    }

    [Fact]
    public async Task A_page_opened_by_a_link_in_an_email_leaves_the_forms_of_other_tabs_valid()
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        var cookie = Assert.Single(Browser.SetCookies(await browser.Get("/sign-in")), line =>
            line.StartsWith("__Host-practice-forms=", StringComparison.Ordinal)
        );
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
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

    private static Task<TestApp> StartAsync(Line line) =>
        TestApp.StartAsync(new() { Services = services => services.AddSingleton<IStartupFilter>(line) });

    /// <summary>The store of the host, and the key of the browser's session.</summary>
    private static (ITicketStore Sessions, string Key) SessionOf(TestApp app, Browser browser)
    {
        var cookies = app
            .Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var key = cookies
            .TicketDataFormat.Unprotect(browser.Cookie("__Host-practice-session"))!
            .Principal.Claims.Single();
        return (cookies.SessionStore!, key.Value);
    }

    private static async Task<bool> IsSignedIn(Browser browser) =>
        (await browser.Get(SomePage)).StatusCode == HttpStatusCode.OK;

    /// <summary>The connection to the host: what happens to calls at one path before the host sees them.</summary>
    private sealed class Line : IStartupFilter
    {
        public required string At { get; init; }

        public required Func<HttpContext, Func<Task>, Task> Act { get; init; }

        /// <summary>The connection breaks.</summary>
        public static Line BrokenAt(string path) =>
            new()
            {
                At = path,
                Act = (http, _) =>
                {
                    http.Abort();
                    return Task.CompletedTask;
                },
            };

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.Use((http, go) => http.Request.Path == At ? Act(http, go) : go());
                next(app);
            };
    }
}
