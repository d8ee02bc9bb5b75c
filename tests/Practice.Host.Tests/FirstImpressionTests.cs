using System.Net;
using System.Text.RegularExpressions;
using Group = Practice.TestKit.Group;

namespace Practice.Host.Tests;

/// <summary>What a person meets first: where they land, and forms that take what people type.</summary>
public sealed partial class FirstImpressionTests
{
    [Fact]
    public async Task People_land_where_there_is_something_to_do()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        Assert.Equal($"/practice/{group.Id}", await LandingOf(group.Owner));

        var invited = await app.SignUpAndConfirm();
        Assert.Equal("/practice", await LandingOf(invited));
        (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(invited.Email, "reception"))).Should(201);
        Assert.Equal("/notifications", await LandingOf(invited));

        var patient = await app.SignUpAndConfirm();
        (await patient.Api.Post("/api/portal/accounts", new { dateOfBirth = "1990-02-03" })).Should(201);
        Assert.Equal("/portal", await LandingOf(patient));

        async Task<string?> LandingOf(Person person)
        {
            using var browser = new Browser(app);
            await browser.SignIn(person);
            using var home = await browser.Get("/");
            Assert.Equal(HttpStatusCode.Found, home.StatusCode);
            return home.Headers.Location!.ToString().Replace($"{app.Url}".TrimEnd('/'), "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Today_shows_what_waits_and_what_is_booked_as_far_as_the_access_goes()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var doctor = await group.AddsNewPerson("personal", "practitioner", null, group.LocationId);
        var billing = await group.AddsNewPerson("billing");
        var patient = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Ines",
                    lastName = "Vale",
                    dateOfBirth = "1990-02-03",
                }
            )
        ).Should(201).Id;
        var invoice = new
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
                    unitPrice = "80",
                },
            },
        };
        (await group.Owner.Api.Post($"{group.Path}/patients/{patient}/invoices", invoice)).Should(201);
        var startsAt = DateTimeOffset.UtcNow;
        (
            await group.Owner.Api.Post(
                $"{group.Path}/patients/{patient}/appointments",
                new
                {
                    startsAt,
                    endsAt = startsAt.AddMinutes(30),
                    practitionerId = doctor.Id,
                    locationId = group.LocationId,
                    allowOutsideHours = true,
                }
            )
        ).Should(201);
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member((await app.SignUpAndConfirm()).Email, "full")
            )
        ).Should(201);

        var own = await PageOf(group.Owner);
        Assert.Contains(
            "/invoices?status=unpaid\">1 invoice</a>,\n80.00 AUD, 1 overdue",
            own,
            StringComparison.Ordinal
        );
        Assert.Contains("1 person</a>", own, StringComparison.Ordinal);
        Assert.Contains("Ines Vale", own, StringComparison.Ordinal);
        var theirs = await PageOf(doctor);
        Assert.Contains("Your appointments today", theirs, StringComparison.Ordinal);
        Assert.Contains("Ines Vale", theirs, StringComparison.Ordinal);
        Assert.Contains("None of yours.", theirs, StringComparison.Ordinal);
        Assert.DoesNotContain("Invitations", theirs, StringComparison.Ordinal);
        Assert.Contains("1 overdue", await PageOf(billing), StringComparison.Ordinal);

        async Task<string> PageOf(Person person)
        {
            using var browser = new Browser(app);
            await browser.SignIn(person);
            using var page = await browser.Get($"/practice/{group.Id}");
            var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync());
            return LineStart().Replace(text, "\n");
        }
    }

    [Fact]
    public async Task A_time_zone_is_found_by_its_city_and_hours_are_entered_once_for_the_week()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        var page = $"/practice/{group.Id}/settings/locations?add";
        foreach (var (name, typed) in new[] { ("Harbour", " new york "), ("Hill", "europe/dublin") })
        {
            using var saved = await browser.Post(
                page,
                await browser.Token(page),
                ("_handler", "location"),
                ("name", name),
                ("timeZone", typed),
                ("hours.monday[0].opens", "09:00"),
                ("hours.monday[0].closes", "17:00"),
                ("hours.wednesday[0].opens", "11:00"),
                ("sameFromTuesdayToFriday", "true")
            );
            Assert.Equal(HttpStatusCode.Found, saved.StatusCode);
        }

        using var refused = await browser.Post(
            page,
            await browser.Token(page),
            ("_handler", "location"),
            ("name", "Nowhere"),
            ("timeZone", "Atlantis")
        );
        Assert.Contains("time zone", await refused.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);

        var locations = (await group.Owner.Api.Get($"{group.Path}/locations")).Items.ToDictionary(item =>
            item.GetProperty("name").GetString()!
        );
        Assert.Equal("America/New_York", locations["Harbour"].GetProperty("timeZone").GetString());
        Assert.Equal("Europe/Dublin", locations["Hill"].GetProperty("timeZone").GetString());
        var hours = locations["Harbour"].GetProperty("hours");
        foreach (var day in new[] { "monday", "tuesday", "wednesday", "thursday", "friday" })
            Assert.Equal("09:00", hours.GetProperty(day)[0].GetProperty("opens").GetString());
        Assert.Equal(0, hours.GetProperty("saturday").GetArrayLength());
    }

    [Fact]
    public async Task A_link_that_says_so_asks_for_a_password_at_once()
    {
        var app = await TestApp.StartedAsync();
        using var browser = new Browser(app);
        using var page = await browser.Get("/confirm-email?choose&token=x");
        var text = await page.Content.ReadAsStringAsync();
        Assert.Contains("Choose your password", text, StringComparison.Ordinal);
        Assert.Contains("name=\"password\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Professions_are_those_of_the_role_type()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        using var add = await browser.Get($"/practice/{group.Id}/settings/users?add");
        var form = await add.Content.ReadAsStringAsync();
        Assert.Matches("<option value=\"dentist\" class=\"of-practitioner\"", form);
        Assert.Matches("<option value=\"receptionist\" class=\"of-administrator\"", form);
        Assert.DoesNotMatch("<option value=\"other\" class", form);

        using var edit = await browser.Get($"/practice/{group.Id}/settings/users/{group.Owner.Id}?details");
        form = await edit.Content.ReadAsStringAsync();
        Assert.Contains("value=\"receptionist\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"dentist\"", form, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineStart();
}
