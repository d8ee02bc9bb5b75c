using System.Net;
using System.Text.Json;

namespace Practice.Host.Tests;

/// <summary>
/// Pages save what they show, offer only what the API does, and say what was refused. Without script.
/// </summary>
public sealed class OfferedActionPageTests
{
    [Fact]
    public async Task A_location_whose_opening_hours_are_left_empty_is_not_closed()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var page = $"/practice/{group.Id}/settings/locations?edit={group.LocationId}";
        var version = (await group.Owner.Api.Get($"{group.Path}/locations/{group.LocationId}")).ETag!;

        await Posts(
            browser,
            page,
            ("_handler", "location"),
            ("version", version),
            ("name", "Hill street"),
            ("timeZone", "Australia/Melbourne")
        );

        var stored = (await group.Owner.Api.Get($"{group.Path}/locations/{group.LocationId}")).Should(200);
        Assert.Equal("Hill street", stored["name"].GetString());
        Assert.Equal(JsonValueKind.Null, stored["hours"].ValueKind);
    }

    [Fact]
    public async Task An_error_of_opening_hours_stands_at_the_times_that_were_typed()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var page = $"/practice/{group.Id}/settings/locations?add";

        var rejected = await Rejected(("hours.monday[1].opens", "14:00"), ("hours.monday[1].closes", "13:00"));
        Assert.Matches("""name="hours\.monday\[1\]\.closes"[^>]*aria-invalid="true""", rejected);
        Assert.DoesNotMatch("""name="hours\.monday\[0\][^>]*aria-invalid="true""", rejected);

        var copied = await Rejected(
            ("sameFromTuesdayToFriday", "on"),
            ("hours.monday[0].opens", "08:00"),
            ("hours.monday[0].closes", "12:00"),
            ("hours.monday[1].opens", "11:00"),
            ("hours.monday[1].closes", "13:00"),
            ("hours.tuesday[0].opens", "09:00")
        );
        Assert.Matches("""name="hours\.monday\[1\]\.opens"[^>]*aria-invalid="true""", copied);
        Assert.DoesNotMatch("""name="hours\.tuesday[^>]*aria-invalid="true""", copied);
        Assert.Contains("Please fix 1 field", copied, StringComparison.Ordinal);

        async Task<string> Rejected(params (string, string)[] hours)
        {
            using var answer = await browser.Post(
                page,
                await browser.Token(page),
                [("_handler", "location"), ("name", "Hill"), ("timeZone", "Australia/Melbourne"), .. hours]
            );
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_reactivation_names_the_locations_that_it_leaves_out()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var hill = await Adds("Hill street");
        var harbour = await Adds("Harbour");
        var (both, one) = (
            await group.AddsNewPerson("reception", locations: [hill, harbour]),
            await group.AddsNewPerson("reception", locations: hill)
        );
        foreach (var member in new[] { both, one })
            (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{hill}/archive")).Should(204);

        var said = await Reactivates(both);
        Assert.Contains("Left out, because archived: Hill street.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("no location now", said, StringComparison.Ordinal);
        Assert.Contains("They have no location now. Assign one.", await Reactivates(one), StringComparison.Ordinal);

        async Task<Guid> Adds(string name) =>
            (await group.Owner.Api.Post($"{group.Path}/locations", new { name, timeZone = "Europe/Vienna" }))
                .Should(201)
                .Id;

        async Task<string> Reactivates(Person member)
        {
            var page = $"/practice/{group.Id}/settings/users/{member.Id}";
            await Posts(browser, page, ("_handler", "reactivate"));
            return await Text(browser, page);
        }
    }

    [Fact]
    public async Task A_deactivated_member_is_found_by_the_email_that_they_have_now()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var person = await group.WelcomesNewPerson("reception");
        (await group.Owner.Api.Post($"{group.Path}/members/{person.Id}/deactivate")).Should(204);
        var email = People.NewEmail();
        (await person.Api.Post("/api/users/me/email", new { newEmail = email, password = person.Password })).Should(
            202
        );
        var mail = await person.Host.Mail.WaitFor(email, "new email");
        (await person.Api.Post("/api/users/me/email/confirm", new { token = mail.Token })).Should(204);
        var users = $"/practice/{group.Id}/settings/users";

        using var refused = await browser.Post(
            $"{users}?add",
            await browser.Token($"{users}?add"),
            ("_handler", "add-user"),
            ("firstName", "Ada"),
            ("lastName", "Moss"),
            ("roleType", "administrator"),
            ("profession", "receptionist"),
            ("email", email),
            ("confirmEmail", email),
            ("level-administrator", "reception")
        );

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.Contains($"href=\"{users}/{person.Id}\"", text, StringComparison.Ordinal);
        Assert.Contains("Open and reactivate", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guardian_is_invited_only_where_one_could_accept()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var app = await TestApp.StartedAsync();
        await FormTests.ClaimsAccount(app, await app.SignUpAndConfirm(), group);
        var patient = (await group.Owner.Api.Get($"{group.Path}/patients")).Items[0].GetProperty("id").GetGuid();
        var page = $"/practice/{group.Id}/patients/{patient}/details";
        Assert.DoesNotContain("Invite a guardian", await Text(browser, page), StringComparison.Ordinal);

        // The account of a child: its guardian may be asked to accept again, another is added by them.
        await app.Owner.Execute(
            """
            update portal.accounts set user_id = null
            where id = (select account_id from portal.patients where id = $1)
            """,
            patient
        );
        Assert.Contains("Invite a guardian", await Text(browser, page), StringComparison.Ordinal);
        Assert.Contains(
            "Only a guardian of that account can accept it.",
            await Text(browser, $"{page}?invite=guardian"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_owner_clears_the_minutes_without_use()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        Assert.Equal(30, await Saves("30"));
        Assert.Null(await Saves(""));

        async Task<int?> Saves(string minutes)
        {
            await Posts(
                browser,
                $"/practice/{group.Id}/settings/practice",
                ("_handler", "practice"),
                ("version", (await group.Owner.Api.Get(group.Path)).ETag!),
                ("name", group.Name),
                ("reminders.hoursBefore", "24"),
                ("invoices.currency", "AUD"),
                ("invoices.dueAfterDays", "14"),
                ("idleMinutes", minutes)
            );
            var stored = (await group.Owner.Api.Get(group.Path))["idleMinutes"];
            return stored.ValueKind == JsonValueKind.Null ? null : stored.GetInt32();
        }
    }

    [Fact]
    public async Task The_audit_is_offered_to_those_who_may_read_it()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var restricted = await group.AddsNewPerson(
            "manager",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        using var theirs = new Browser(await TestApp.StartedAsync());
        await theirs.SignIn(restricted);
        var (audit, page) = ($"/practice/{group.Id}/audit", $"/practice/{group.Id}/settings/users/{restricted.Id}");

        var offered = await Text(browser, page);
        Assert.Contains($"href=\"{audit}\"", offered, StringComparison.Ordinal);
        Assert.Contains($"{audit}?subjectId", offered, StringComparison.Ordinal);
        var seen = await Text(theirs, page);
        Assert.Contains("Leave this practice", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(audit, seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_locations_of_a_member_are_edited_by_those_who_manage_locations()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var app = await TestApp.StartedAsync();
        var member = await group.AddsNewPerson("reception");
        var users = await group.AddsNewPerson("manager", settings: new() { ["manageLocations"] = false });
        var locations = await group.AddsNewPerson("manager", settings: new() { ["manageUsers"] = false });
        var page = $"/practice/{group.Id}/settings/users";

        foreach (
            var (who, whom, offered) in new[]
            {
                (group.Owner, member, true),
                (users, member, false),
                (users, users, false),
                (locations, member, true),
                (locations, group.Owner, false),
            }
        )
        {
            using var theirs = new Browser(app);
            await theirs.SignIn(who);
            var (closed, open) = (
                await Text(theirs, $"{page}/{whom.Id}"),
                await Text(theirs, $"{page}/{whom.Id}?locations=")
            );
            Assert.Equal(offered, closed.Contains("?locations=", StringComparison.Ordinal));
            Assert.Equal(offered, open.Contains("edit-locations", StringComparison.Ordinal));
            var url = $"{group.Path}/members/{whom.Id}/locations";
            var input = new { locationIds = new[] { group.LocationId } };
            Assert.Equal(offered ? 204 : 403, (await who.Api.Put(url, input, "*")).Status);
        }
    }

    [Fact]
    public async Task Who_is_restricted_to_locations_is_offered_no_change_of_people_elsewhere()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var restricted = await group.AddsNewPerson(
            "manager",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var other = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Hill", timeZone = "Europe/Vienna" })
        )
            .Should(201)
            .Id;
        using var theirs = new Browser(await TestApp.StartedAsync());
        await theirs.SignIn(restricted);

        foreach (var (location, offered) in new[] { (group.LocationId, true), (other, false) })
        {
            var person = await group.AddsNewPerson(
                "reception",
                settings: new() { ["restrictToAssignedLocations"] = true },
                locations: location
            );
            var page = $"/practice/{group.Id}/settings/users/{person.Id}";
            Assert.Equal(offered, (await Text(theirs, page)).Contains("?deactivate=", StringComparison.Ordinal));
            var answer = await restricted.Api.Post($"{group.Path}/members/{person.Id}/deactivate");
            Assert.Equal(offered ? 204 : 403, answer.Status);
        }
    }

    [Fact]
    public async Task Who_has_left_is_added_again_and_not_reactivated()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var person = await group.WelcomesNewPerson("reception");
        var other = await group.AddsNewPerson();
        (await person.Api.Post($"{group.Path}/members/me/leave")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/members/{other.Id}/deactivate")).Should(204);
        var users = $"/practice/{group.Id}/settings/users";

        var left = await Text(browser, $"{users}/{person.Id}");
        Assert.Contains("has left", left, StringComparison.Ordinal);
        Assert.Contains($"{users}?add", left, StringComparison.Ordinal);
        Assert.DoesNotContain("Reactivate", left, StringComparison.Ordinal);
        Assert.Contains("Reactivate", await Text(browser, $"{users}/{other.Id}"), StringComparison.Ordinal);
        Assert.Contains("Has left", await Text(browser, users), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_cannot_be_discarded_says_why()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var export = (await group.Owner.Api.Post($"{group.Path}/exports", new { kinds = new[] { "members" } }))
            .Should(202)
            .Id;
        var page = $"/practice/{group.Id}/export";
        var token = await browser.Token(page);
        Assert.Equal(
            1,
            await (await TestApp.StartedAsync()).Owner.Execute(
                "update portal.exports set status = 'Running', progress_at = now() where id = $1",
                export
            )
        );

        var refused = await browser.Post(page, token, ("_handler", $"discard-{export}"));

        var error = (await group.Owner.Api.Delete($"{group.Path}/exports/{export}")).Should(409)["detail"].GetString()!;
        Assert.Contains(
            error,
            WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_portals_home_page_says_due_only_of_what_is_owed()
    {
        var (group, browser) = await SignedIn();
        using var _ = browser;
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var account = await FormTests.ClaimsAccount(app, person, group);
        var patient = (await group.Owner.Api.Get($"{group.Path}/patients")).Items[0].GetProperty("id").GetGuid();
        var (owed, paid, cancelled) = (await Issues(), await Issues(), await Issues());
        (
            await group.Owner.Api.Post(
                $"{group.Path}/invoices/{paid}/payments",
                new
                {
                    amount = "80.00",
                    method = "cash",
                    paidOn = "2026-03-02",
                }
            )
        ).Should(201);
        (await group.Owner.Api.Post($"{group.Path}/invoices/{cancelled}/void", new { reason = "Twice" })).Should(204);
        Assert.NotEqual(owed, paid);
        using var theirs = new Browser(app);
        await theirs.SignIn(person);

        var home = await Text(theirs, $"/portal/{account}");

        foreach (var status in new[] { "Unpaid", "Paid", "Void" })
            Assert.Matches($"""class="pill[^"]*">\s*{status}\s*<""", home);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(home, @", due\s"));

        async Task<Guid> Issues() => (
                await group.Owner.Api.Post(
                    $"{group.Path}/patients/{patient}/invoices",
                    new
                    {
                        issuedOn = "2026-03-01",
                        dueOn = "2026-03-15",
                        currency = "AUD",
                        lines = new[]
                        {
                            new
                            {
                                description = "Visit",
                                quantity = 1,
                                unitPrice = "80.00",
                            },
                        },
                    }
                )
            ).Should(201).Id;
    }

    private static async Task<(Group Group, Browser Browser)> SignedIn()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        return (group, browser);
    }

    private static async Task Posts(Browser browser, string page, params (string, string)[] fields)
    {
        using var answer = await browser.Post(page, await browser.Token(page), fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> Text(Browser browser, string page)
    {
        using var answer = await browser.Get(page);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
