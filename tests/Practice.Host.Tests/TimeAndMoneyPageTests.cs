using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Practice.Web;
using Group = Practice.TestKit.Group;

namespace Practice.Host.Tests;

/// <summary>Times of clocks, days of a zone and money on pages, without script.</summary>
public sealed class TimeAndMoneyPageTests
{
    private const string LateNight = "2027-04-04";

    [Fact]
    public async Task A_time_that_occurs_twice_is_asked_about_and_one_that_is_skipped_names_the_next()
    {
        var (group, browser, path) = await NewPatient();
        using var _ = browser;
        var skipped = await BookAsync("2027-10-03");
        Assert.Contains("skip this time. The next one is 3:00 am.", await Text(skipped), StringComparison.Ordinal);

        var asked = await Text(await BookAsync(LateNight));
        Assert.Contains("show this time twice. Choose one.", asked, StringComparison.Ordinal);
        Assert.Contains("Before clocks go back (UTC+11:00)", asked, StringComparison.Ordinal);
        Assert.Empty((await group.Owner.Api.Get($"{group.Path}/{path}/appointments")).Should(200).Items);

        Assert.Equal(HttpStatusCode.Redirect, (await BookAsync(LateNight, ("timeWhich", "second"))).StatusCode);
        var booked = (await group.Owner.Api.Get($"{group.Path}/{path}/appointments")).Items.Single();
        Assert.Equal("2027-04-03T16:30:00+00:00", booked.GetProperty("startsAt").GetString());
        Assert.Contains(
            "Sun 4 Apr 2027, 2:30 am (the second)",
            await Text(await browser.Get($"/practice/{group.Id}/{path}")),
            StringComparison.Ordinal
        );

        async Task<HttpResponseMessage> BookAsync(string date, params (string, string)[] more)
        {
            var page = $"/practice/{group.Id}/{path}?book";
            return await browser.Post(
                page,
                await browser.Token(page),
                [
                    ("_handler", "book"),
                    ("practitionerId", group.Owner.Id.ToString()),
                    ("locationId", group.LocationId.ToString()),
                    ("date", date),
                    ("time", "02:30"),
                    ("minutes", "30"),
                    .. more,
                ]
            );
        }
    }

    [Fact]
    public async Task The_first_hour_after_Havanas_first_midnight_is_on_its_own_day()
    {
        var (group, browser, path) = await NewPatient();
        using var _ = browser;
        var havana = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Vedado", timeZone = "America/Havana" })
        )
            .Should(201)
            .Id;
        (
            await group.Owner.Api.Change(
                $"{group.Path}/locations/{havana}/members",
                new { userIds = new[] { group.Owner.Id } }
            )
        ).Should(204);
        (
            await group.Owner.Api.Post(
                $"{group.Path}/{path}/appointments",
                new
                {
                    startsAt = "2027-11-07T00:30:00-04:00",
                    endsAt = "2027-11-07T01:00:00-04:00",
                    practitionerId = group.Owner.Id,
                    locationId = havana,
                }
            )
        ).Should(201);
        var before = await Text(await browser.Get(Day("2027-11-06")));
        Assert.Contains("No appointments on this day", before, StringComparison.Ordinal);
        Assert.Contains(
            "12:30 am (the first)",
            await Text(await browser.Get(Day("2027-11-07"))),
            StringComparison.Ordinal
        );

        string Day(string date) => $"/practice/{group.Id}/calendar?date={date}&locationId={havana}";
    }

    [Fact]
    public async Task A_requested_time_is_shown_in_the_practices_zone_and_as_the_patient_chose_it()
    {
        var (group, browser, path) = await NewPatient();
        using var _ = browser;
        var perth = await OpensPerth(group);
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute(
            """
            insert into portal.requests (id, group_id, patient_id, account_id, kind, starts_at, time_zone, location_id,
                sent_by_name, acting_for, status, sent_at)
            values (gen_random_uuid(), $1, $2, gen_random_uuid(), 'Appointment', '2027-03-05T09:00:00+11:00',
                'Australia/Melbourne', $3, 'Sam Sender', 'Jo Reed', 'Open', now())
            """,
            group.Id,
            Guid.Parse(path[^36..]),
            perth
        );
        Assert.Contains(
            "Requested: Fri 5 Mar 2027, 6:00 am (Perth time), chosen as 9:00 am Melbourne time, at Swan",
            await Text(await browser.Get($"/practice/{group.Id}/requests")),
            StringComparison.Ordinal
        );
    }

    /// <summary>The dialog shows the time in one zone, and the location that is then chosen has another.</summary>
    [Fact]
    public async Task A_time_that_was_left_as_it_was_shown_is_not_read_in_another_zone()
    {
        var (group, browser, path) = await NewPatient();
        using var _ = browser;
        var perth = await OpensPerth(group);
        var app = await TestApp.StartedAsync();
        var request = Guid.CreateVersion7();
        await app.Owner.Execute(
            """
            insert into portal.requests (id, group_id, patient_id, account_id, kind, starts_at, time_zone,
                sent_by_name, acting_for, status, sent_at)
            values ($1, $2, $3, gen_random_uuid(), 'Appointment', '2027-03-05T10:00:00+11:00',
                'Australia/Melbourne', 'Sam Sender', 'Jo Reed', 'Open', now())
            """,
            request,
            group.Id,
            Guid.Parse(path[^36..])
        );

        var page = $"/practice/{group.Id}/requests?confirm={request}";
        var asked = await Posts(page, "confirm", await Source(await browser.Get(page)), perth);
        Assert.Equal(HttpStatusCode.BadRequest, asked.StatusCode);
        var form = await Source(asked);
        Assert.Contains("10:00 am in Melbourne is 7:00 am in Perth", form, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await Posts(page, "confirm", form, perth)).StatusCode);
        var booked = (await group.Owner.Api.Get($"{group.Path}/{path}/appointments")).Items.Single();
        Assert.Equal("2027-03-04T23:00:00+00:00", booked.GetProperty("startsAt").GetString());

        // The clinic of the move is meant: ten o'clock there.
        page = $"/practice/{group.Id}/calendar?date=2027-03-05&appointment={booked.GetProperty("id").GetGuid()}&move";
        form = await Source(await browser.Get(page));
        asked = await Posts(page, "move", form, group.LocationId);
        Assert.Equal(HttpStatusCode.BadRequest, asked.StatusCode);
        form = await Source(asked);
        Assert.Contains("7:00 am in Perth is 10:00 am in Melbourne", form, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.Redirect,
            (await Posts(page, "move", form, group.LocationId, ("time", "07:00"))).StatusCode
        );
        booked = (await group.Owner.Api.Get($"{group.Path}/{path}/appointments")).Items.Single();
        Assert.Equal("2027-03-04T20:00:00+00:00", booked.GetProperty("startsAt").GetString());

        static Task<string> Source(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync();

        // As a browser posts what the page shows, with another location chosen.
        async Task<HttpResponseMessage> Posts(
            string at,
            string name,
            string shown,
            Guid location,
            params (string Name, string Value)[] typed
        )
        {
            (string Name, string Value)[] fields =
            [
                .. Regex
                    .Matches(shown, """<input\b[^>]*?\bname="([^"]+)"[^>]*?\bvalue="([^"]*)["]""")
                    .Select(input => (input.Groups[1].Value, WebUtility.HtmlDecode(input.Groups[2].Value)))
                    .Where(input => !input.Item1.StartsWith('_') && typed.All(one => one.Name != input.Item1))
                    .DistinctBy(input => input.Item1),
            ];
            return await browser.Post(
                at,
                await browser.Token(at),
                [
                    ("_handler", name),
                    ("practitionerId", group.Owner.Id.ToString()),
                    ("locationId", location.ToString()),
                    .. fields,
                    .. typed,
                ]
            );
        }
    }

    [Fact]
    public async Task An_appointment_over_midnight_is_on_the_page_of_both_days_and_each_shows_its_part()
    {
        var (group, browser, path) = await NewPatient();
        using var _ = browser;
        (
            await group.Owner.Api.Post(
                $"{group.Path}/{path}/appointments",
                new
                {
                    startsAt = "2027-03-05T22:00:00+11:00",
                    endsAt = "2027-03-06T01:00:00+11:00",
                    practitionerId = group.Owner.Id,
                    locationId = group.LocationId,
                }
            )
        ).Should(201);

        // The rows begin with the first hour that is shown: midnight, or eight o'clock.
        Assert.Matches("""class="visit r57 s8 """, await Day("date=2027-03-05"));
        Assert.Matches("""class="visit r1 s4 """, await Day("date=2027-03-06"));
        Assert.DoesNotContain("Vera Moss", await Day("date=2027-03-07"), StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(await Day("date=2027-03-06&view=week"), "10:00 pm – 1:00 am"));

        async Task<string> Day(string query) => await Text(await browser.Get($"/practice/{group.Id}/calendar?{query}"));
    }

    [Fact]
    public async Task The_total_is_the_servers_before_and_after_the_invoice_is_issued()
    {
        var (group, browser, path) = await NewPatient();
        using var _ = browser;
        var page = $"/practice/{group.Id}/{path}/invoices?issue";
        var twice = Lines("33.33", "33.33");

        var byScript = await browser.Post(
            $"/practice/{group.Id}/invoice-total",
            await browser.Token(page),
            [("_handler", "issue"), .. twice]
        );
        Assert.Equal("100.00 AUD", await byScript.Content.ReadAsStringAsync());
        Assert.Contains(
            ">100.00 AUD</output>",
            await PostAsync([.. twice, ("price", "true")]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            ">100.00 AUD</output>",
            await PostAsync([.. twice, ("more", "true")]),
            StringComparison.Ordinal
        );

        var comma = await PostAsync([.. Lines("33.33", "9,50"), ("price", "true")]);
        Assert.Contains("Write 9.50, with a point before the decimals.", comma, StringComparison.Ordinal);
        Assert.Contains(
            "Write 1.5, with a point",
            await PostAsync([.. Lines("1", "2", "1,5")]),
            StringComparison.Ordinal
        );

        await PostAsync(twice, HttpStatusCode.Redirect);
        Assert.Contains(
            "<strong class=\"money\">100.00 AUD</strong>",
            await Text(await browser.Get($"/practice/{group.Id}/{path}/invoices")),
            StringComparison.Ordinal
        );

        async Task<string> PostAsync((string, string)[] fields, HttpStatusCode? status = null)
        {
            var answer = await browser.Post(page, await browser.Token(page), [("_handler", "issue"), .. fields]);
            Assert.Equal(status ?? answer.StatusCode, answer.StatusCode);
            return await Text(answer);
        }

        static (string, string)[] Lines(string first, string second, string quantity = "1.5") =>
            [
                ("number", "1"),
                ("currency", "aud"),
                ("issuedOn", "2027-03-01"),
                ("dueOn", "2027-03-15"),
                ("rows", "3"),
                ("lines[0].description", "Visit"),
                ("lines[0].quantity", quantity),
                ("lines[0].unitPrice", first),
                ("lines[1].quantity", "1"), // an empty row between
                ("lines[2].description", "Visit"),
                ("lines[2].quantity", quantity),
                ("lines[2].unitPrice", second),
            ];
    }

    /// <summary>An hour before midnight in UTC: the next day in Auckland.</summary>
    [Theory]
    [InlineData("practice-zone=Pacific/Auckland", "6 Mar 2027")]
    [InlineData("practice-zone=America/Los_Angeles", "5 Mar 2027")]
    [InlineData("practice-zone=localtime", "5 Mar 2027 (UTC)")]
    [InlineData("practice-zone=../../etc/passwd", "5 Mar 2027 (UTC)")]
    [InlineData(null, "5 Mar 2027 (UTC)")]
    public void A_date_of_no_place_is_the_readers_or_says_that_it_is_UTCs(string? cookie, string day)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = cookie;
        var reader = new ReaderZone(new HttpContextAccessor { HttpContext = http });
        Assert.Equal(day, reader.Day(new DateTimeOffset(2027, 3, 5, 23, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("1250", "JPY", "1,250 JPY")]
    [InlineData("1120.15", "AUD", "1,120.15 AUD")]
    [InlineData("0.125", "KWD", "0.125 KWD")]
    public void Money_keeps_the_digits_of_the_API(string amount, string currency, string text) =>
        Assert.Equal(text, Labels.Money(amount, currency));

    /// <summary>A location in Perth, at which the owner works.</summary>
    private static async Task<Guid> OpensPerth(Group group)
    {
        var perth = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Swan", timeZone = "Australia/Perth" })
        )
            .Should(201)
            .Id;
        var userIds = new[] { group.Owner.Id };
        (await group.Owner.Api.Change($"{group.Path}/locations/{perth}/members", new { userIds })).Should(204);
        return perth;
    }

    private static async Task<(Group Group, Browser Browser, string Path)> NewPatient()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup(roleType: "practitioner", profession: "physiotherapist");
        var patient = (
            await owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = "Moss",
                    dateOfBirth = "1950-01-02",
                    locationId = group.LocationId,
                }
            )
        ).Should(201).Id;
        var browser = new Browser(app);
        await browser.SignIn(owner);
        return (group, browser, $"patients/{patient}");
    }

    /// <summary>The page's text, entities decoded.</summary>
    private static async Task<string> Text(HttpResponseMessage answer) =>
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
}
