using System.Globalization;
using Ical.Net.CalendarComponents;

namespace Practice.PatientPortal.Tests.Staff;

/// <summary>A member's calendar, read by a calendar program with nothing but its address.</summary>
public sealed class CalendarFeedTests
{
    private const string Outside = "https://practice.test";

    [Fact]
    public async Task The_feed_shows_a_calendar_program_what_its_member_may_see_at_that_moment()
    {
        var (group, app) = (await Clinic.NewClinic(), await TestApp.StartedAsync());
        var (doctor, other) = (await group.Practitioner(), await group.Practitioner());
        var patient = await group.Owner.Adds(group, "Vale; \"Ines\", Dr: O'Neil");
        var mine = await Book(doctor, Clinic.In(2));
        var others = await Book(other, Clinic.In(3));
        var cancelled = await Book(doctor, Clinic.In(4));
        (await group.Owner.Api.Post($"{group.Path}/appointments/{cancelled}/cancel")).Should(204);
        await Book(doctor, Clinic.In(400)); // beyond the coming year

        var all = await doctor.MakesFeed(group);
        Assert.StartsWith($"{Outside}/api/groups/{group.Id}/calendar-feeds/", all, StringComparison.Ordinal);
        var answer = (await Read(all)).Should(200);
        Assert.Equal("text/calendar", answer.ContentType);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal([$"{mine}", $"{others}"], EventsOf(answer).Select(e => e.Uid!).Order());
        var shown = EventsOf(answer).Single(e => e.Uid == $"{mine}");
        Assert.Equal("Jo Vale; \"Ines\", Dr: O'Neil", shown.Summary);
        Assert.Equal("Main street, Room 2", shown.Location);
        Assert.Equal(Clinic.In(2).UtcDateTime, shown.Start!.AsUtc);
        Assert.Equal(TimeSpan.FromMinutes(45), shown.End!.AsUtc - shown.Start.AsUtc);
        Assert.DoesNotContain("Back pain", answer.Text, StringComparison.Ordinal);

        var own = await doctor.MakesFeed(group, new { ownOnly = true });
        Assert.Equal([$"{mine}"], EventsOf(await Read(own)).Select(e => e.Uid!));
        (await Read(all)).Should(410, "portal.calendar_feed_ended");

        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{doctor.Id}/access",
                new { accessLevel = "clinical", settings = new { hidePatientNames = true } }
            )
        ).Should(204);
        var hidden = (await Read(own)).Should(200);
        Assert.DoesNotContain("Vale", hidden.Text, StringComparison.Ordinal);
        var code = (await group.Owner.Api.Get(group.Patient(patient)))["code"].GetString();
        Assert.Equal(code, EventsOf(hidden).Single().Summary);

        (await group.Owner.Api.Post($"{group.Path}/members/{doctor.Id}/deactivate")).Should(204);
        (await Read(own)).Should(410, "portal.calendar_feed_ended");
        (await group.Owner.Api.Post($"{group.Path}/members/{doctor.Id}/reactivate")).Should(204);
        (await Read(own)).Should(410, "portal.calendar_feed_ended"); // a finder of the address learns no more

        async Task<Guid> Book(Person practitioner, DateTimeOffset at)
        {
            var body = Clinic.Appointment(practitioner.Id, group.LocationId, at);
            body["room"] = "Room 2";
            return (await group.Owner.Api.Post($"{group.Patient(patient)}/appointments", body)).Should(201).Id;
        }

        Task<Answer> Read(string url) => app.Api.Get(url[Outside.Length..]);
    }

    [Fact]
    public async Task A_feed_opens_its_own_group_and_locations_and_its_secret_is_nowhere()
    {
        var (group, app) = (await Clinic.NewClinic(), await TestApp.StartedAsync());
        var second = await group.OpensLocation();
        var desk = await group.AddsNewPerson(
            "reception",
            "administrator",
            new() { ["restrictToAssignedLocations"] = true },
            group.LocationId
        );
        var doctor = await group.Practitioner();
        await group.Assigns(second, doctor.Id);
        var (here, there) = (
            await group.Owner.Adds(group, locationId: group.LocationId),
            await group.Owner.Adds(group, locationId: second)
        );
        var booked = await group.Owner.Books(group, here, doctor.Id);
        await group.Owner.Books(group, there, doctor.Id, second);

        var url = (await desk.MakesFeed(group))[Outside.Length..];
        Assert.Equal([$"{booked}"], EventsOf(await app.Api.Get(url)).Select(e => e.Uid!));

        var elsewhere = await Clinic.NewClinic();
        (await app.Api.Get(url.Replace($"{group.Id}", $"{elsewhere.Id}", StringComparison.Ordinal))).Should(404);
        (await app.Api.Get(url.Replace(".ics", "x.ics", StringComparison.Ordinal))).Should(404);
        var token = url.Split('/')[^1][..^4];
        (await app.Api.WithToken(token).Get(group.Patients())).Should(401);
        Assert.Equal(
            0,
            await app.Owner.Scalar<long>(
                "select count(*) from authority.calendar_feeds f where f::text like '%' || $1 || '%'",
                token
            )
        );

        var feed = (await desk.Api.Get($"{group.Path}/members/me/calendar-feed")).Should(200);
        Assert.False(feed["ownOnly"].GetBoolean());
        Assert.DoesNotContain(token, feed.Text, StringComparison.Ordinal);
        (await desk.Api.Delete($"{group.Path}/members/me/calendar-feed")).Should(204);
        (await app.Api.Get(url)).Should(410, "portal.calendar_feed_ended");
        (await desk.Api.Delete($"{group.Path}/members/me/calendar-feed")).Should(404);
        (await desk.Api.Get($"{group.Path}/members/me/calendar-feed")).Should(404);

        await app.VerificationEnds(desk.Id);
        (await desk.Api.Post($"{group.Path}/members/me/calendar-feed")).Should(403, "auth.verification_required");
    }

    [Fact]
    public async Task A_patient_is_told_once_that_a_calendar_program_shows_them()
    {
        var (group, app) = (await Clinic.NewClinic(), await TestApp.StartedAsync());
        var doctor = await group.Practitioner();
        var patient = await group.Owner.Adds(group);
        await group.Owner.Books(group, patient, doctor.Id);
        var url = (await doctor.MakesFeed(group))[Outside.Length..];
        (await app.Api.Get(url)).Should(200); // nobody to be told yet
        var account = await group.Links(patient);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Api.Get(url)));
        (await app.Api.Get(url)).Should(200);
        Assert.Equal(1, await Told());

        await group.Owner.Books(group, patient, doctor.Id, startsAt: Clinic.In(3));
        (await app.Api.Get(url)).Should(200);
        Assert.Equal(1, await Told());

        (await app.Api.Get((await doctor.MakesFeed(group))[Outside.Length..])).Should(200);
        Assert.Equal(2, await Told()); // another program may read it

        Task<long> Told() =>
            app.Owner.Scalar<long>(
                "select count(*) from portal.receipts where account_id = $1 and user_id = $2",
                account,
                doctor.Id
            );
    }

    [Fact]
    public async Task Times_are_given_in_the_zone_of_the_location_with_its_rules_and_as_instants_where_those_mislead()
    {
        var (group, app) = (await Clinic.NewClinic(), await TestApp.StartedAsync());
        var (doctor, patient) = (await group.Practitioner(), await group.Owner.Adds(group));
        var dublin = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Quay", timeZone = "Europe/Dublin" })
        )
            .Should(201)
            .Id;
        await group.Assigns(dublin, doctor.Id);
        // On Sunday 4 April 2027 clocks in Melbourne go back from 3:00 to 2:00.
        string[] times = ["2027-04-03T22:00:00+11:00", "2027-04-04T02:30:00+10:00", "2027-04-05T09:00:00+10:00"];
        foreach (var time in times)
            await Book(group.LocationId, time);
        await Book(dublin, "2027-01-11T09:00:00Z");

        var answer = (await app.Api.Get((await group.Owner.MakesFeed(group))[Outside.Length..])).Should(200);
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20270403T220000", answer.Text, StringComparison.Ordinal);
        Assert.Contains("DTSTART:20270403T163000Z", answer.Text, StringComparison.Ordinal); // 2:30 for the second time
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20270405T090000", answer.Text, StringComparison.Ordinal);
        Assert.Contains("DTSTART:20270111T090000Z", answer.Text, StringComparison.Ordinal);
        Assert.Contains("RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("TZID:Europe/Dublin", answer.Text, StringComparison.Ordinal);

        async Task Book(Guid location, string time) =>
            await group.Owner.Books(
                group,
                patient,
                doctor.Id,
                location,
                DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)
            );
    }

    [Theory]
    [InlineData("recovery")]
    [InlineData("password")]
    [InlineData("everywhere")]
    public async Task Every_feed_of_a_person_ends_with(string act)
    {
        var (first, second, app) = (await Clinic.NewClinic(), await Clinic.NewClinic(), await TestApp.StartedAsync());
        var person = await first.WelcomesNewPerson();
        await second.Welcomes(person);
        string[] feeds = [await person.MakesFeed(first), await person.MakesFeed(second)];
        var others = await first.Owner.MakesFeed(first);

        var done = act switch
        {
            "recovery" => await Recovers(),
            "password" => await person.Api.Put(
                "/api/users/me/password",
                new { currentPassword = person.Password, newPassword = People.NewPassword() }
            ),
            _ => await person.Api.Post("/api/users/sign-out-everywhere"),
        };

        done.Should(204);
        foreach (var feed in feeds)
            (await app.Api.Get(feed[Outside.Length..])).Should(410, "portal.calendar_feed_ended");
        (await app.Api.Get(others[Outside.Length..])).Should(200);

        async Task<Answer> Recovers()
        {
            (await app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
            var token = (await app.Mail.WaitFor(person.Email, "new password")).Token;
            return await app.Api.Post("/api/users/reset-password", new { token, password = People.NewPassword() });
        }
    }

    [Fact]
    public async Task Who_has_not_confirmed_their_email_makes_no_feed_and_who_makes_one_is_told()
    {
        var (group, app) = (await Clinic.NewClinic(), await TestApp.StartedAsync());
        var added = await group.AddsNewPerson();
        (await added.Api.Post($"{group.Path}/members/me/calendar-feed")).Should(403, "portal.email_not_confirmed");
        (await added.Api.Get($"{group.Path}/members/me/calendar-feed")).Should(404);

        var person = await group.WelcomesNewPerson();
        await person.MakesFeed(group);
        var mail = await app.Mail.WaitFor(person.Email, "calendar");
        Assert.Contains(group.Name, mail.Text, StringComparison.Ordinal);
        Assert.Null(mail.Token);
    }

    private static List<CalendarEvent> EventsOf(Answer answer) =>
        [.. Ical.Net.Calendar.Load(answer.Should(200).Text)!.Events.OrderBy(e => e.Start!.AsUtc)];
}

internal static class CalendarFeedCalls
{
    /// <summary>As a person whose email is confirmed.</summary>
    public static async Task<string> MakesFeed(this Person person, Group group, object? body = null)
    {
        await ((TestApp)person.Host).Owner.Execute(
            "update users.accounts set email_confirmed = true where id = $1",
            person.Id
        );
        return (await person.Api.Post($"{group.Path}/members/me/calendar-feed", body)).Should(200)["url"].GetString()!;
    }
}
