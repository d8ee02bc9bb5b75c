using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Practice.Web.Drafts;
using Group = Practice.TestKit.Group;

namespace Practice.Host.Tests;

/// <summary>What a person typed into a form is not lost with their session, and nobody else gets it.</summary>
public sealed partial class DraftTests
{
    private const string Typed = "Sleeps badly.\r\nKnee hurts.";
    private const string Offer = "You have unsent text, kept";

    [Fact]
    public async Task A_form_of_an_ended_session_waits_for_its_person_and_for_nobody_else()
    {
        var app = await TestApp.StartedAsync();
        var (group, page) = await WithRecordsPage(app);
        var colleague = await group.AddsNewPerson("full");
        using var browser = new Browser(app);
        var token = await SignsInAndOpens(browser, group.Owner, page);
        await SignsOutElsewhere(browser, app);

        Assert.Equal(SignInAfter(page, kept: true), await PostAsync(browser, page, token));
        var (id, kept) = await Single(app, group.Owner.Id);
        Assert.DoesNotContain("Knee", Encoding.UTF8.GetString(kept), StringComparison.Ordinal);

        await browser.SignIn(colleague);
        foreach (var path in new[] { "/practice", page, $"{page}&draft={id}" })
        {
            var theirs = await ReadAsync(browser, path);
            Assert.DoesNotContain(Offer, theirs, StringComparison.Ordinal);
            Assert.DoesNotContain("Knee", theirs, StringComparison.Ordinal);
        }

        await browser.Post($"/drafts/{id}/discard", await browser.Token("/practice"));
        Assert.Equal(id, (await Single(app, group.Owner.Id)).Id);
        // Who can write the database gives one person's text to another.
        await app.Owner.Execute("update web.drafts set user_id = $1 where id = $2", colleague.Id, id);
        Assert.DoesNotContain(Offer, await ReadAsync(browser, "/practice"), StringComparison.Ordinal);
        await app.Owner.Execute("update web.drafts set user_id = $1 where id = $2", group.Owner.Id, id);

        await browser.SignIn(group.Owner);
        Assert.Contains(Offer, await ReadAsync(browser, "/practice"), StringComparison.Ordinal);
        Assert.Contains(Offer, await ReadAsync(browser, page), StringComparison.Ordinal);
        Assert.DoesNotContain("Knee", await ReadAsync(browser, page), StringComparison.Ordinal);
        var back = await ReadAsync(browser, $"{page}&draft={id}");
        Assert.Contains("It is not saved yet.", back, StringComparison.Ordinal);
        Assert.Contains("Knee hurts.</textarea>", back, StringComparison.Ordinal);
        Assert.Contains($"name=\"draft\" value=\"{id}\"", back, StringComparison.Ordinal);

        var rejected = await browser.Post(page, await browser.Token(page), Fields(("title", ""), ("draft", $"{id}")));
        Assert.Equal(HttpStatusCode.BadRequest, rejected.StatusCode);
        Assert.Contains($"value=\"{id}\"", await rejected.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(id, (await Single(app, group.Owner.Id)).Id);
        var saved = await browser.Post(page, await browser.Token(page), Fields(("draft", $"{id}")));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        Assert.Equal(0, await Count(app, group.Owner.Id));
    }

    [Fact]
    public async Task A_form_with_the_token_of_nobody_or_of_another_person_is_not_kept()
    {
        var app = await TestApp.StartedAsync();
        var (group, page) = await WithRecordsPage(app);
        var attacker = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await SignsInAndOpens(browser, attacker, "/account");
        var attackers = await browser.Token("/account");
        var own = await SignsInAndOpens(browser, group.Owner, page);
        await SignsOutElsewhere(browser, app);

        foreach (var token in new[] { null, "forged", await browser.Token("/sign-in"), attackers })
            Assert.Equal(SignInAfter(page, kept: false), await PostAsync(browser, page, token));
        using var another = new Browser(app); // with the owner's token, and none of their cookies
        Assert.Equal(SignInAfter(page, kept: false), await PostAsync(another, page, own));
        Assert.Equal(0, await Count(app, group.Owner.Id) + await Count(app, attacker.Id));
    }

    [Fact]
    public async Task A_page_that_signs_out_by_itself_sends_its_forms_with_their_token()
    {
        var app = await TestApp.StartedAsync();
        var (group, page) = await WithRecordsPage(app);
        using var browser = new Browser(app);
        var token = await SignsInAndOpens(browser, group.Owner, page);
        var drafts = $"/drafts?at={Uri.EscapeDataString(page)}";

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post(drafts, null, Fields())).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await browser.Post(drafts, token, Fields())).StatusCode);
        await SignsOutElsewhere(browser, app);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.Post(drafts, token, Fields())).StatusCode);
        Assert.Equal(2, await Count(app, group.Owner.Id));

        await browser.SignIn(group.Owner);
        Assert.Contains(Offer, await ReadAsync(browser, page), StringComparison.Ordinal);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (id, _) = await Latest(app, group.Owner.Id);
            var discarded = await browser.Post(
                $"/drafts/{id}/discard?to={Uri.EscapeDataString(page)}",
                await browser.Token(page)
            );
            Assert.EndsWith(page, discarded.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Offer, await ReadAsync(browser, page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_ended_elsewhere_keeps_the_form_and_a_day_later_it_is_gone()
    {
        var app = await TestApp.StartedAsync();
        var (group, page) = await WithRecordsPage(app);
        using var browser = new Browser(app);
        var token = await SignsInAndOpens(browser, group.Owner, page);
        (await (await group.Owner.SignsInAgain()).Api.Post("/api/users/sign-out-everywhere")).Should(204);

        Assert.Equal(SignInAfter(page, kept: true), await PostAsync(browser, page, token));
        await browser.SignIn(group.Owner);
        Assert.Contains(Offer, await ReadAsync(browser, page), StringComparison.Ordinal);
        await app.Owner.Execute(
            "update web.drafts set expires_at = expires_at - interval '24 hours 1 minute' where user_id = $1",
            group.Owner.Id
        );
        Assert.DoesNotContain(Offer, await ReadAsync(browser, page), StringComparison.Ordinal);
        await browser.SignIn(group.Owner); // writes a session
        Assert.Equal(0, await Count(app, group.Owner.Id));
    }

    [Fact]
    public async Task After_a_pause_in_a_practice_the_form_is_kept_until_the_person_has_confirmed()
    {
        var app = await TestApp.StartedAsync();
        var (group, page) = await WithRecordsPage(app);
        (
            await group.Owner.Api.Change(
                group.Path,
                new
                {
                    name = group.Name,
                    reminders = new { enabled = true, hoursBefore = 24 },
                    invoices = new { currency = "AUD", dueAfterDays = 14 },
                    requireTwoFactor = false,
                    idleMinutes = 15,
                }
            )
        ).Should(204);
        using var browser = new Browser(app);
        var token = await SignsInAndOpens(browser, group.Owner, page);
        await app.TimePasses(group.Owner.Id, TimeSpan.FromMinutes(16));

        Assert.Equal($"/confirm?again&kept&to={Uri.EscapeDataString(page)}", await PostAsync(browser, page, token));
        var confirm = $"/confirm?again&kept&to={Uri.EscapeDataString(page)}";
        await browser.Post(
            confirm,
            await browser.Token(confirm),
            ("_handler", "confirm"),
            ("password", group.Owner.Password)
        );
        Assert.Contains(Offer, await ReadAsync(browser, page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_was_open_before_the_same_person_signed_in_again_is_taken()
    {
        var app = await TestApp.StartedAsync();
        var (group, page) = await WithRecordsPage(app);
        using var browser = new Browser(app);
        var token = await SignsInAndOpens(browser, group.Owner, page);
        await SignsOutElsewhere(browser, app);
        await browser.SignIn(group.Owner);
        Assert.EndsWith("/records", await PostAsync(browser, page, token), StringComparison.Ordinal);

        await browser.SignIn(await app.SignUpAndConfirm());
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.Post(page, token, Fields())).StatusCode);
    }

    [Theory]
    [InlineData("password=a&verify.password=b&verify.code=c&code=d&newPassword=e&credential=f&csv=g", null)]
    [InlineData("name=&_handler=x&version=1", null)]
    [InlineData("title=Kept&currentPassword=secret1&code=secret2&version=1&draft=2", "Kept")]
    public void Passwords_and_codes_are_not_kept_nor_a_form_without_anything_else(string form, string? kept)
    {
        var fields = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(form);
        var content = Draft.Write("/x", new FormCollection(fields));
        Assert.Equal(kept is null, content is null);
        if (content is null)
            return;
        var text = Encoding.UTF8.GetString(content);
        Assert.Contains("Kept", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_into_a_form_that_is_gone_is_shown()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var invited = await app.SignUpAndConfirm();
        var invitation = (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(invited.Email, "reception")))
            .Should(201)["invitationId"]
            .GetGuid();
        var page = $"/practice/{group.Id}/settings/users/invitations?edit={invitation}";
        using var browser = new Browser(app);
        var token = await SignsInAndOpens(browser, group.Owner, page);
        (await invited.Api.Post($"/api/invitations/{invitation}/accept")).Should(204);

        // A button has no text.
        Assert.Equal(HttpStatusCode.Redirect, (await browser.Post(page, token, ("_handler", "withdraw"))).StatusCode);
        Assert.Equal(0, await Count(app, group.Owner.Id));
        Assert.Contains("This page was out of date", await ReadAsync(browser, page), StringComparison.Ordinal);
        var posted = await browser.Post(
            page,
            token,
            ("_handler", "edit-invitation"),
            ("version", "\"1\""),
            ("roleType", "practitioner"),
            ("registrationNumber", "PHY 0815"),
            ("locationIds", $"{group.LocationId}")
        );

        Assert.True(posted.StatusCode == HttpStatusCode.Redirect, await posted.Content.ReadAsStringAsync());
        var shown = await ReadAsync(browser, page);
        Assert.Contains("Below is the current state, and what you typed.", shown, StringComparison.Ordinal);
        Assert.Contains("Registration number</dt>", shown, StringComparison.Ordinal);
        Assert.Contains(">PHY 0815</dd>", shown, StringComparison.Ordinal);
        Assert.DoesNotContain($">{group.LocationId}</dd>", shown, StringComparison.Ordinal);
        Assert.Contains(">PHY 0815</dd>", await ReadAsync(browser, "/practice"), StringComparison.Ordinal);
        var (id, _) = await Single(app, group.Owner.Id);
        await browser.Post($"/drafts/{id}/discard", await browser.Token("/practice"));
        Assert.DoesNotContain("PHY 0815", await ReadAsync(browser, page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_on_a_page_that_is_gone_is_shown_on_the_next()
    {
        var app = await TestApp.StartedAsync();
        var (group, page) = await WithRecordsPage(app);
        using var browser = new Browser(app);
        var token = await SignsInAndOpens(browser, group.Owner, page);
        await app.Owner.Execute("delete from portal.patients where group_id = $1", group.Id);

        var gone = await browser.Post(page, token, Fields());

        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("What you typed is kept", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var next = await ReadAsync(browser, $"/practice/{group.Id}");
        Assert.Contains("Sleeps badly.\r\nKnee hurts.</dd>", next, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_record_is_kept_and_a_longer_text_is_not()
    {
        foreach (var (length, kept) in new[] { (20_000, true), (50_000, true), (50_001, false) })
            Assert.Equal(kept, Draft.Write("/x", Form(new string('x', length))) is not null);
        var file = new FormFile(Stream.Null, 0, 0, "file", "a.csv");
        Assert.Null(Draft.Write("/x", new FormCollection(new() { ["a"] = "x" }, new FormFileCollection { file })));

        static FormCollection Form(string body) => new(new Dictionary<string, StringValues> { ["body"] = body });
    }

    /// <summary>Fields that take a secret are known by their names: here, by what pages ask for.</summary>
    [Fact]
    public void Every_field_for_a_secret_has_a_name_that_is_never_kept()
    {
        var folder = Path.Combine(Checkout.Folder, "src/Host/Practice.Web");
        var secrets = Directory
            .GetFiles(folder, "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => FieldTag().Matches(File.ReadAllText(file)))
            .Select(match => match.Value)
            .Where(tag => SecretTag().IsMatch(tag))
            .Select(tag => NameOf().Match(tag).Groups[1].Value)
            .Where(name => !name.StartsWith('@')) // VerifyFields: checked with its own names
            .Append(Practice.Web.Forms.FormState.VerifyPassword)
            .Append(Practice.Web.Forms.FormState.VerifyCode)
            .ToHashSet();
        Assert.True(secrets.Count >= 7, string.Join(", ", secrets));
        Assert.All(secrets, name => Assert.True(name == "file" || Draft.IsSecret(name), name));
    }

    private static (string, string)[] Fields(params (string Name, string Value)[] other) =>
        [
            .. new[]
            {
                ("_handler", "add-record"),
                ("kind", "note"),
                ("date", "2026-11-02"),
                ("time", "09:00"),
                ("title", "Visit"),
                ("body", Typed),
            }.Where(field => !other.Any(one => one.Name == field.Item1)),
            .. other,
        ];

    private static async Task<string> PostAsync(Browser browser, string page, string? token)
    {
        var answer = await browser.Post(page, token, Fields());
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var to = answer.Headers.Location!;
        return to.IsAbsoluteUri ? to.PathAndQuery : to.OriginalString;
    }

    private static string SignInAfter(string page, bool kept) =>
        $"/sign-in?{(kept ? "ended&kept&" : "")}to={Uri.EscapeDataString(page)}";

    private static async Task<string> ReadAsync(Browser browser, string path) =>
        WebUtility.HtmlDecode(await (await browser.Get(path)).Content.ReadAsStringAsync());

    private static async Task<string> SignsInAndOpens(Browser browser, Person person, string page)
    {
        await browser.SignIn(person);
        return await browser.Token(page);
    }

    /// <summary>In another window of the same browser. This one has the session's cookie still.</summary>
    private static async Task SignsOutElsewhere(Browser browser, TestApp app)
    {
        using var tab = browser.Tab(app);
        await tab.Post("/sign-out", await tab.Token("/account"));
    }

    private static async Task<(Group Group, string Page)> WithRecordsPage(TestApp app)
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
        return (group, $"/practice/{group.Id}/patients/{patient}/records?add=");
    }

    private static Task<long> Count(TestApp app, Guid person) =>
        app.Owner.Scalar<long>("select count(*) from web.drafts where user_id = $1", person);

    private static async Task<(Guid Id, byte[] Sealed)> Single(TestApp app, Guid person)
    {
        Assert.Equal(1, await Count(app, person));
        return await Latest(app, person);
    }

    private static async Task<(Guid Id, byte[] Sealed)> Latest(TestApp app, Guid person)
    {
        var rows = await app.Owner.Rows("select id, sealed from web.drafts where user_id = $1", person);
        return ((Guid)rows[0][0]!, (byte[])rows[0][1]!);
    }

    [GeneratedRegex("<(Field|input)\\b[^>]*>", RegexOptions.Singleline)]
    private static partial Regex FieldTag();

    [GeneratedRegex("[tT]ype=\"(password|file)\"|one-time-code")]
    private static partial Regex SecretTag();

    [GeneratedRegex("\\b[nN]ame=\"([^\"]+)\"")]
    private static partial Regex NameOf();
}
