using System.Net;

namespace Practice.Host.Tests;

/// <summary>Pages of a patient that work without script: duplicates, archive, files, and who has access.</summary>
public sealed class PatientPageTests
{
    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, 0, 1, 2];

    [Fact]
    public async Task A_possible_duplicate_is_shown_and_added_by_one_tick()
    {
        var (group, browser) = await SignedIn();
        var first = await Adds(group);
        (string, string)[] typed =
        [
            ("_handler", "add-patient"),
            ("firstName", "Vera"),
            ("lastName", "Moss"),
            ("dateOfBirth", "1950-01-02"),
        ];
        var page = $"/practice/{group.Id}/patients?add";
        var asked = await (await browser.Post(page, await browser.Token(page), typed)).Content.ReadAsStringAsync();
        Assert.Contains($"/practice/{group.Id}/patients/{first}/details", asked, StringComparison.Ordinal);
        Assert.Contains("This is another person", asked, StringComparison.Ordinal);

        var added = await browser.Post(page, await browser.Token(page), [.. typed, ("acceptDuplicate", "on")]);
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        Assert.Equal(2, (await group.Owner.Api.Get($"{group.Path}/patients")).Items.Count);
    }

    [Fact]
    public async Task A_patient_is_archived_and_restored()
    {
        var (group, browser) = await SignedIn();
        var patient = await Adds(group);
        var (list, page) = ($"/practice/{group.Id}/patients", $"/practice/{group.Id}/patients/{patient}/details");
        await Posts(browser, $"{page}?archive", ("_handler", "archive"));
        Assert.DoesNotContain("Vera Moss", await Text(browser, list), StringComparison.Ordinal);
        Assert.Contains("Vera Moss", await Text(browser, $"{list}?archived=true"), StringComparison.Ordinal);
        Assert.Contains("This patient is archived", await Text(browser, page), StringComparison.Ordinal);
        await Posts(browser, page, ("_handler", "restore"));
        Assert.Contains("Vera Moss", await Text(browser, list), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_cancelled_is_not_among_what_is_to_come()
    {
        var (group, browser) = await SignedIn();
        var patient = await Adds(group);
        var path = $"{group.Path}/patients/{patient}/appointments";
        var ids = new List<Guid>();
        foreach (var hour in new[] { 9, 11 })
        {
            var startsAt = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddDays(9).AddHours(hour);
            var body = new
            {
                startsAt,
                endsAt = startsAt.AddMinutes(30),
                practitionerId = group.Owner.Id,
                locationId = group.LocationId,
                allowOutsideHours = true,
            };
            ids.Add((await group.Owner.Api.Post(path, body)).Should(201).Id);
        }

        (await group.Owner.Api.Post($"{group.Path}/appointments/{ids[1]}/cancel")).Should(204);

        var page = $"/practice/{group.Id}/patients/{patient}";
        var upcoming = await Text(browser, page);
        Assert.Contains($"appointment={ids[0]}", upcoming, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"cancelled\"", upcoming, StringComparison.Ordinal);
        Assert.Contains("class=\"cancelled\"", await Text(browser, $"{page}?past"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_added_and_saved()
    {
        var (group, browser) = await SignedIn();
        var patient = await Adds(group);
        var record = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients/{patient}/clinical-records",
                new
                {
                    kind = "document",
                    title = "A scan",
                    body = "Sent by the hospital.",
                    recordedAt = "2026-03-01T10:00:00Z",
                }
            )
        ).Should(201).Id;
        var page = $"/practice/{group.Id}/patients/{patient}/records/{record}";
        var added = await Uploads(Pdf, "scan.pdf");
        Assert.True(added.StatusCode == HttpStatusCode.Redirect, await added.Content.ReadAsStringAsync());
        var file = (await group.Owner.Api.Get($"{group.Path}/patients/{patient}/clinical-records/{record}"))[
            "attachments"
        ][0];
        Assert.Contains("scan.pdf", await Text(browser, page), StringComparison.Ordinal);

        var saved = await browser.Get($"{page}/files/{file.GetProperty("id").GetGuid()}");
        Assert.Equal(Pdf, await saved.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/pdf", saved.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", saved.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", saved.Headers.GetValues("X-Content-Type-Options").Single());

        var refused = await Uploads("not a picture"u8.ToArray(), "photo.png");
        Assert.Contains(
            "does not fit its content",
            await refused.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        var empty = await Uploads([], "empty.txt");
        Assert.Contains("Choose a file", await empty.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var large = await Uploads(new byte[20 * 1024 * 1024 + 1], "large.pdf");
        Assert.Contains("larger than 20 MB", await large.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var forged = await browser.Upload(page, null, ("file", "scan.pdf", Pdf), ("_handler", "attach"));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        async Task<HttpResponseMessage> Uploads(byte[] content, string name) =>
            await browser.Upload(page, await browser.Token(page), ("file", name, content), ("_handler", "attach"));
    }

    [Fact]
    public async Task Who_has_access_is_shown_and_paused()
    {
        var (group, browser) = await SignedIn();
        var app = await TestApp.StartedAsync();
        var (patient, account, person) = (await Adds(group), Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.Owner.Execute(
            """
            insert into portal.accounts (id, user_id, first_name, last_name, date_of_birth, time_zone, created_at)
            values ($1, $2, 'Vera', 'Moss', '1950-01-02', 'UTC', now())
            """,
            account,
            Guid.CreateVersion7()
        );
        await app.Owner.Execute("update portal.patients set account_id = $1 where id = $2", account, patient);
        var grant = Guid.CreateVersion7();
        await app.Owner.Execute(
            """
            insert into portal.grants (id, account_id, account_name, user_id, user_name, user_email, role, level, status,
                requested_at, approved_at, asked_role)
            values ($1, $2, 'Vera Moss', $3, 'Tom Reed', 'tom@example.test', 'View', 'Clinical', 'Current', now(), now(),
                'View')
            """,
            grant,
            account,
            person
        );
        var page = $"/practice/{group.Id}/patients/{patient}/access";
        Assert.Contains("Tom Reed", await Text(browser, page), StringComparison.Ordinal);

        var asks = await Text(browser, $"{page}?pause={grant}");
        Assert.Contains("Only users who may pause access see it. It is not in the audit.", asks, default);
        Assert.Contains("<textarea", asks, StringComparison.Ordinal);
        await Posts(browser, $"{page}?pause={grant}", ("_handler", "pause"), ("reason", "A court order\r\nof May"));
        Assert.Matches("</time>:\\s*<span class=\"preserve-lines\">A court order", await Text(browser, page));
        using var desk = new Browser(app);
        await desk.SignIn(await group.AddsNewPerson("reception"));
        Assert.Matches(
            "Paused</span>\\s*<small class=\"below\">\\s*by [^:]+<time[^>]*>[^:]+</time>\\s*<",
            await Text(desk, page)
        );
        await Posts(browser, page, ("_handler", $"resume-{grant}"));
        Assert.Matches(
            "resumed by\\s[^<]+<time[^>]*>[^<]+</time>:\\s*<span class=\"preserve-lines\">A court order",
            await Text(browser, page)
        );
        Assert.DoesNotContain("A court order", await Text(desk, page), StringComparison.Ordinal);

        // Of whom the holder gave access unasked, the practice knows the address.
        await app.Owner.Execute("update portal.grants set asked_role = null where id = $1", grant);
        var unasked = await Text(browser, $"{page}?pause={grant}");
        Assert.Contains("Pause the access of tom@example.test?", unasked, StringComparison.Ordinal);
        Assert.DoesNotContain("Tom Reed", unasked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_deactivates_many_users_is_shown_what_stays_booked()
    {
        var (group, browser) = await SignedIn();
        var (doctor, desk) = (
            await group.AddsNewPerson("personal", "practitioner", null, group.LocationId),
            await group.AddsNewPerson("reception")
        );
        var startsAt = DateTimeOffset.UtcNow.AddDays(2);
        (
            await group.Owner.Api.Post(
                $"{group.Path}/patients/{await Adds(group)}/appointments",
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

        var page = await Text(
            browser,
            $"/practice/{group.Id}/settings/users/many?act=deactivate&id={doctor.Id}&id={desk.Id}&id={Guid.NewGuid()}"
        );
        Assert.Contains("Deactivate 2 users", page, StringComparison.Ordinal);
        Assert.Matches($"1 appointment is\\s+still booked with\\s+{doctor.FirstName} {doctor.LastName}", page);
        Assert.Equal(2, page.Split("still booked").Length); // once
    }

    private static async Task<(Group Group, Browser Browser)> SignedIn()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup(roleType: "practitioner", profession: "nurse");
        var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        return (group, browser);
    }

    private static async Task<Guid> Adds(Group group) => (
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

    private static async Task Posts(Browser browser, string page, params (string, string)[] fields)
    {
        var answer = await browser.Post(page, await browser.Token(page), fields);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> Text(Browser browser, string page) =>
        WebUtility.HtmlDecode(await (await browser.Get(page)).Content.ReadAsStringAsync());
}
