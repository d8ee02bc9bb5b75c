using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Practice.Client;
using Group = Practice.TestKit.Group;

namespace Practice.Host.Tests;

/// <summary>A form that is sent again, as its answer was late or lost, does nothing twice (docs/adr/0064).</summary>
public sealed partial class FormSentTwiceTests
{
    private const string SecondIsTold = "What you sent first is saved, or is being saved";

    [Fact]
    public async Task A_form_that_is_sent_twice_is_done_once_and_the_next_one_again()
    {
        var app = await TestApp.StartedAsync();
        var (group, page, invoice) = await WithInvoice(app);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);

        foreach (var payments in new[] { 1, 2 }) // the second is meant, although it is the same
        {
            var form = await Opens(browser, page);
            await Redirects(browser, page, form, Payment("10"));
            await Redirects(browser, page, form, Payment("10"));
            Assert.Equal(payments, await Payments(group, invoice));
        }
    }

    [Fact]
    public async Task The_second_click_waits_for_what_the_first_is_answered()
    {
        var app = await TestApp.StartedAsync();
        var (group, page, invoice) = await WithInvoice(app);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        var form = await Opens(browser, page);
        await using var slow = new NpgsqlConnection(app.ConnectionString);
        await slow.OpenAsync();
        await using var until = await slow.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("select from portal.invoices where id = $1 for update", slow, until);
        hold.Parameters.Add(new() { Value = invoice });
        await hold.ExecuteNonQueryAsync();

        var first = Redirects(browser, page, form, Payment("10"));
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>("select count(*) from idempotency.calls where user_id = $1", group.Owner.Id)
            == 1
        );
        var second = Redirects(browser, page, form, Payment("10"));
        Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(TimeSpan.FromSeconds(2))));
        await until.CommitAsync();
        await Task.WhenAll(first, second);

        Assert.Equal(1, await Payments(group, invoice));
    }

    [Fact]
    public async Task What_was_done_although_its_answer_was_lost_is_not_done_again()
    {
        var lost = new LostAnswers();
        await using var app = await Losing(lost);
        var (group, page, invoice) = await WithInvoice(app);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);

        lost.Are = HttpStatusCode.ServiceUnavailable;
        var again = await Fails(browser, page, await Opens(browser, page), Payment("10"), lost);
        Assert.Equal(1, await Payments(group, invoice));
        await Redirects(browser, page, again, Payment("10"));
        Assert.Equal(1, await Payments(group, invoice));
    }

    /// <summary>The form is not there any more.</summary>
    [Fact]
    public async Task Who_pays_the_rest_again_is_told_that_the_first_time_may_have_counted()
    {
        var lost = new LostAnswers();
        await using var app = await Losing(lost);
        var (group, page, invoice) = await WithInvoice(app);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        var form = await Opens(browser, page);

        lost.Are = HttpStatusCode.ServiceUnavailable;
        await browser.Post(page, await browser.Token(page), [form, .. Payment("90")]);
        lost.Are = null;
        await Redirects(browser, page, form, Payment("90"));
        var now = await (await browser.Get(page)).Content.ReadAsStringAsync();
        Assert.Contains("the first time may have counted", now, StringComparison.Ordinal);
        Assert.Equal(1, await Payments(group, invoice));
    }

    [Fact]
    public async Task A_price_that_is_asked_for_after_a_lost_answer_leaves_the_key()
    {
        var lost = new LostAnswers { Of = "/invoices" };
        await using var app = await Losing(lost);
        var (group, _, _) = await WithInvoice(app);
        var patient = (await group.Owner.Api.Get($"{group.Path}/patients")).Items.Single().GetProperty("id").GetGuid();
        var page = $"/practice/{group.Id}/patients/{patient}/invoices?issue=";
        (string, string)[] fields =
        [
            ("_handler", "issue"),
            ("currency", "AUD"),
            ("issuedOn", "2026-11-02"),
            ("dueOn", "2026-11-16"),
            ("lines[0].description", "Visit"),
            ("lines[0].quantity", "1"),
            ("lines[0].unitPrice", "50"),
        ];
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);

        lost.Are = HttpStatusCode.ServiceUnavailable;
        var again = await Fails(browser, page, await Opens(browser, page), fields, lost);
        var priced = await browser.Post(page, await browser.Token(page), [again, .. fields, ("price", "true")]);
        Assert.Equal(again, KeyIn(await priced.Content.ReadAsStringAsync()));
        await Redirects(browser, page, again, fields);
        Assert.Equal(2, (await group.Owner.Api.Get($"{group.Path}/patients/{patient}/invoices")).Items.Count);
    }

    [Fact]
    public async Task Who_changes_the_form_after_a_lost_answer_is_told_and_may_mean_it()
    {
        var lost = new LostAnswers();
        await using var app = await Losing(lost);
        var (group, page, invoice) = await WithInvoice(app);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);

        lost.Are = HttpStatusCode.ServiceUnavailable;
        var again = await Fails(browser, page, await Opens(browser, page), Payment("10"), lost);
        var told = await browser.Post(page, await browser.Token(page), [again, .. Payment("11")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, told.StatusCode);
        var text = await told.Content.ReadAsStringAsync();
        Assert.Contains(SecondIsTold, text, StringComparison.Ordinal);
        Assert.Equal(1, await Payments(group, invoice));
        await Redirects(browser, page, KeyIn(text), Payment("11"));
        Assert.Equal(2, await Payments(group, invoice));
    }

    [Fact]
    public async Task A_form_that_is_put_back_after_a_lost_answer_is_not_done_again()
    {
        var lost = new LostAnswers();
        await using var app = await Losing(lost);
        var (group, page, invoice) = await WithInvoice(app);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        lost.Are = LostAnswers.Connection;

        var form = await Opens(browser, page);
        var failed = await browser.Post(page, await browser.Token(page), [form, .. Payment("10")]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        lost.Are = null;
        Assert.Equal(1, await Payments(group, invoice));
        var draft = await app.Owner.Scalar<Guid>("select id from web.drafts where user_id = $1", group.Owner.Id);
        var back = $"{page}&draft={draft}";
        var putBack = await Opens(browser, back);
        Assert.Equal(form, putBack);
        await Redirects(browser, back, putBack, [.. Payment("10"), ("draft", $"{draft}")]);
        Assert.Equal(1, await Payments(group, invoice));
    }

    [Fact]
    public async Task A_practice_is_created_although_the_switch_to_it_fails()
    {
        var lost = new LostAnswers { Of = "/current-group", Are = HttpStatusCode.ServiceUnavailable };
        await using var app = await Losing(lost);
        var owner = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await browser.SignIn(owner);

        var answer = await browser.Post(
            "/practice/new",
            await browser.Token("/practice/new"),
            ("_handler", "new-practice"),
            ("name", "Hill Clinic"),
            ("roleType", "administrator"),
            ("profession", "receptionist"),
            ("location.name", "Hill street"),
            ("location.timeZone", "Australia/Melbourne")
        );

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var group = Assert.Single((await owner.Api.Get("/api/groups")).Items).GetProperty("id").GetGuid();
        Assert.Contains($"/practice/{group}", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<script>")]
    [InlineData("0 or 1=1\r\nIdempotency-Key: 1")]
    public async Task A_key_that_is_none_is_another_one(string key)
    {
        var app = await TestApp.StartedAsync();
        var (group, page, invoice) = await WithInvoice(app);
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);

        await Redirects(browser, page, (Field, key), Payment("10"));
        var failed = await browser.Post(page, await browser.Token(page), [(Field, key), .. Payment("-1")]);
        Assert.Equal(HttpStatusCode.BadRequest, failed.StatusCode);
        await Redirects(browser, page, KeyIn(await failed.Content.ReadAsStringAsync()), Payment("10"));
        Assert.Equal(2, await Payments(group, invoice));
    }

    [Fact]
    public async Task The_key_of_another_persons_form_is_ones_own()
    {
        var app = await TestApp.StartedAsync();
        var (group, page, invoice) = await WithInvoice(app);
        var colleague = await group.AddsNewPerson("full");
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        var form = await Opens(browser, page);
        await Redirects(browser, page, form, Payment("10"));

        using var other = new Browser(app);
        await other.SignIn(colleague);
        await Redirects(other, page, form, Payment("10"));
        Assert.Equal(2, await Payments(group, invoice));
    }

    [Fact]
    public void Every_form_of_a_page_has_a_key()
    {
        var pages = Directory.GetFiles(Path.Combine(Checkout.Folder, "src/Host/Practice.Web"), "*.razor", All);
        var forms = pages
            .SelectMany(page => NamedForm().Matches(File.ReadAllText(page)).Select(form => (page, form.Value)))
            .ToList();

        Assert.NotEmpty(forms);
        Assert.All(forms, form => Assert.Matches(KeyedHeader(), form.Value));
        var tokens = forms.Select(form => NamedToken().Match(form.Value)).Where(named => named.Success).ToList();
        Assert.NotEmpty(tokens);
        Assert.All(tokens, named => Assert.Equal(named.Groups["form"].Value, named.Groups["token"].Value));
    }

    private const string Field = "_attempt";
    private static readonly EnumerationOptions All = new() { RecurseSubdirectories = true };

    private static Task<TestApp> Losing(LostAnswers lost) =>
        TestApp.StartAsync(
            new TestAppOptions
            {
                Services = services =>
                    services.AddHttpClient(nameof(PracticeApi)).ConfigurePrimaryHttpMessageHandler(() => lost),
            }
        );

    private static async Task<(Group Group, string Page, Guid Invoice)> WithInvoice(TestApp app)
    {
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var patient = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = "Moss",
                    dateOfBirth = "1950-01-02",
                }
            )
        ).Should(201).Id;
        var invoice = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients/{patient}/invoices",
                new
                {
                    currency = "AUD",
                    issuedOn = "2026-11-01",
                    dueOn = "2026-11-15",
                    lines = new[]
                    {
                        new
                        {
                            description = "Visit",
                            quantity = 1,
                            unitPrice = "90.00",
                        },
                    },
                }
            )
        ).Should(201).Id;
        return (group, $"/practice/{group.Id}/invoices/{invoice}?pay=", invoice);
    }

    private static (string, string)[] Payment(string amount) =>
        [("_handler", "pay"), ("amount", amount), ("paidOn", "2026-11-02"), ("paymentMethod", "cash")];

    private static async Task<(string, string)> Opens(Browser browser, string page) =>
        KeyIn(await (await browser.Get(page)).Content.ReadAsStringAsync());

    /// <summary>Of the form after the last one of the page's own: its dialog.</summary>
    private static (string, string) KeyIn(string page) => (Field, KeyField().Matches(page)[^1].Groups[1].Value);

    private static async Task Redirects(Browser browser, string page, (string, string) key, (string, string)[] fields)
    {
        var answer = await browser.Post(page, await browser.Token(page), [key, .. fields]);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.DoesNotContain("sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    /// <summary>The form comes back with its key.</summary>
    private static async Task<(string, string)> Fails(
        Browser browser,
        string page,
        (string, string) key,
        (string, string)[] fields,
        LostAnswers lost
    )
    {
        var answer = await browser.Post(page, await browser.Token(page), [key, .. fields]);
        Assert.Equal(lost.Are, answer.StatusCode);
        lost.Are = null;
        var again = KeyIn(await answer.Content.ReadAsStringAsync());
        Assert.Equal(key, again);
        return again;
    }

    private static async Task<int> Payments(Group group, Guid invoice) =>
        (await group.Owner.Api.Get($"{group.Path}/invoices/{invoice}"))["payments"].GetArrayLength();

    /// <summary>The API does what it is asked to, and its answer does not arrive.</summary>
    private sealed class LostAnswers() : DelegatingHandler(new SocketsHttpHandler())
    {
        public const HttpStatusCode Connection = 0;

        /// <summary>The end of the address.</summary>
        public string Of { get; init; } = "/payments";

        /// <summary>What arrives instead; null where the answer does.</summary>
        public HttpStatusCode? Are { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            var answer = await base.SendAsync(request, ct);
            if (
                Are is not { } instead
                || request.Method == HttpMethod.Get
                || !request.RequestUri!.AbsolutePath.EndsWith(Of, StringComparison.Ordinal)
            )
                return answer;
            if (instead == Connection)
                throw new HttpRequestException("The connection was closed.");
            return new HttpResponseMessage(instead) { RequestMessage = request };
        }
    }

    [GeneratedRegex("""name="_attempt" value="([^"]*)""")]
    private static partial Regex KeyField();

    [GeneratedRegex("""<form\b[^>]*@formname.*?</form>""", RegexOptions.Singleline)]
    private static partial Regex NamedForm();

    /// <summary>The name of a form without fields, and the one that its token knows it by.</summary>
    [GeneratedRegex(
        """@formname=(?<form>.+?)\s+@onsubmit.*<FormToken\b[^>]*?\bName=(?<token>.+?)\s*/>""",
        RegexOptions.Singleline
    )]
    private static partial Regex NamedToken();

    [GeneratedRegex("<(FormHeader|FormToken|AppointmentFields)\\b")]
    private static partial Regex KeyedHeader();
}
