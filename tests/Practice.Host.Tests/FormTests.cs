using System.Net;
using System.Text.RegularExpressions;
using Group = Practice.TestKit.Group;

namespace Practice.Host.Tests;

/// <summary>What holds for the forms of pages without script: versions, dates, and where errors show.</summary>
public sealed partial class FormTests
{
    [Fact]
    public async Task A_rejected_form_keeps_the_version_that_the_name_was_based_on()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await browser.SignIn(person);
        await ConflictsOnce(
            browser,
            new("/account", "name", [("firstName", "Mine"), ("lastName", "Moss")], ("firstName", "")),
            () => person.Api.Change("/api/users/me", new { firstName = "Theirs", lastName = "Moss" }),
            "Theirs"
        );
    }

    [Fact]
    public async Task A_rejected_form_keeps_the_version_that_contact_details_were_based_on()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var account = (await person.Api.Post("/api/portal/accounts", new { dateOfBirth = "1985-04-12" }))
            .Should(201)
            .Id;
        var path = $"/api/portal/accounts/{account}";
        using var browser = new Browser(app);
        await browser.SignIn(person);
        await ConflictsOnce(
            browser,
            new(
                $"/portal/{account}/details?edit",
                "details",
                [("phone", "0400 000 001"), ("timeZone", "Australia/Perth")],
                ("timeZone", "Nowhere/Town")
            ),
            async () =>
                await person.Api.Put(
                    $"{path}/details",
                    new { phone = "0400 000 002", timeZone = "Australia/Perth" },
                    (await person.Api.Get(path)).ETag
                ),
            "0400 000 002"
        );
    }

    [Fact]
    public async Task A_rejected_form_keeps_the_version_that_a_decision_was_based_on()
    {
        var app = await TestApp.StartedAsync();
        var (holder, friend) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        var account = (await holder.Api.Post("/api/portal/accounts", new { dateOfBirth = "1985-04-12" }))
            .Should(201)
            .Id;
        var access = $"/api/portal/accounts/{account}/access";
        (
            await holder.Api.Post(
                access,
                new
                {
                    email = friend.Email,
                    role = "view",
                    level = "administrative",
                }
            )
        ).Should(202);
        var grant = await Eventually.Get(async () =>
            (await holder.Api.Get(access))
                .Items.Select(item => item.GetProperty("grantId").GetString())
                .FirstOrDefault()
        );
        using var browser = new Browser(app);
        await browser.SignIn(holder);
        await ConflictsOnce(
            browser,
            new(
                $"/portal/{account}/access?edit={grant}",
                "decide",
                [("status", "current"), ("role", "view"), ("level", "clinical")],
                ("status", "pending")
            ),
            () =>
                holder.Api.Change(
                    $"{access}/{grant}",
                    new
                    {
                        status = "current",
                        role = "edit",
                        level = "administrative",
                    }
                ),
            "<dd>Edit</dd>"
        );
    }

    [Fact]
    public async Task A_rejected_form_keeps_the_version_that_a_patients_details_were_based_on()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var patient = await AddsPatient(group);
        using var browser = new Browser(app);
        await browser.SignIn(owner);
        await ConflictsOnce(
            browser,
            new(
                $"/practice/{group.Id}/patients/{patient}/details?edit",
                "edit-patient",
                [("firstName", "Mine"), ("lastName", "Moss"), ("dateOfBirth", "1950-01-02")],
                ("lastName", "")
            ),
            () =>
                owner.Api.Change(
                    $"{group.Path}/patients/{patient}",
                    new
                    {
                        firstName = "Theirs",
                        lastName = "Moss",
                        dateOfBirth = "1950-01-02",
                    }
                ),
            "Theirs Moss"
        );
    }

    [Fact]
    public async Task A_conflict_shows_the_current_email_preferences()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await browser.SignIn(person);
        await ConflictsOnce(
            browser,
            new("/account/mail", "mail", [("portal", "true")], Wrong: null),
            () =>
                person.Api.Change(
                    "/api/users/me/mail-preferences",
                    new
                    {
                        invitations = true,
                        memberships = true,
                        portal = true,
                        onboarding = false,
                    }
                ),
            "<dd>Off</dd>"
        );
    }

    [Theory]
    [InlineData("audit?from=0001-01-01")]
    [InlineData("audit?to=9999-12-31")]
    [InlineData("calendar?date=0001-01-01")]
    [InlineData("calendar?date=9999-12-31")]
    public async Task Every_date_in_an_address_opens_the_page(string page)
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        using var browser = new Browser(app);
        await browser.SignIn(owner);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get($"/practice/{group.Id}/{page}")).StatusCode);
    }

    /// <summary>
    /// What the page asks for, what it says of something else, and that it still shows what was typed.
    /// </summary>
    private static readonly (string Date, string Time, string Minutes, string Error)[] Unreadable =
    [
        ("9999-12-31", "23:59", "30", "Enter a date as year-month-day, such as 2027-03-31."),
        ("0001-01-01", "00:00", "30", "Enter a date as year-month-day, such as 2027-03-31."),
        ("31/03/2027", "14:30", "30", "This is not a date. Enter a date as year-month-day, such as 2027-03-31."),
        ("2027-03-31", "25:00", "30", "This is not a time. Enter a time, such as 14:30."),
        ("2027-03-31", "14:30", "30.5", "Enter a whole number of minutes."),
        ("2027-03-31", "14:30", "-2147483648", "Enter a whole number of minutes."),
        ("2027-03-31", "14:30", "", "This field is required."),
        // Browsers send a date or time that is typed in part as an empty one.
        ("", "14:30", "30", "Enter a date as year-month-day, such as 2027-03-31."),
        ("2027-03-31", "", "30", "Enter a time, such as 14:30."),
    ];

    [Fact]
    public async Task A_date_time_or_length_that_cannot_be_booked_is_an_error_of_its_field_and_stays_there()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup(roleType: "practitioner", profession: "physiotherapist");
        var page = $"/practice/{group.Id}/patients/{await AddsPatient(group)}?book";
        using var browser = new Browser(app);
        await browser.SignIn(owner);
        foreach (var (date, time, minutes, error) in Unreadable)
        {
            var answer = await browser.Post(
                page,
                await browser.Token(page),
                ("_handler", "book"),
                ("practitionerId", owner.Id.ToString()),
                ("locationId", group.LocationId.ToString()),
                ("date", date),
                ("time", time),
                ("minutes", minutes)
            );
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var again = await answer.Content.ReadAsStringAsync();
            Assert.Contains(error, again, StringComparison.Ordinal);
            foreach (var (field, typed) in new[] { ("date", date), ("time", time), ("minutes", minutes) })
                if (typed.Length > 0)
                    Assert.Contains($"value=\"{typed}\"", InputOf(again, field), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_form_says_that_a_text_is_no_date_or_number_and_keeps_it()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var patient = $"/practice/{group.Id}/patients/{await AddsPatient(group)}";
        using var browser = new Browser(app);
        await browser.SignIn(owner);
        (string Page, string Handler, string Field, string Typed, string What)[] forms =
        [
            ("/portal?choose", "open", "dateOfBirth", "12 April 1985", "date"),
            ($"/practice/{group.Id}/patients?add", "add-patient", "dateOfBirth", "12/04/1985", "date"),
            ($"{patient}/invoices?issue", "issue", "dueOn", "tomorrow", "date"),
            ($"{patient}/records?add", "add-record", "time", "half past nine", "time"),
            ($"{patient}/details?invite=guardian", "invite", "guardianUntil", "2027", "date"),
            ($"/practice/{group.Id}/settings/practice", "practice", "reminders.hoursBefore", "soon", "whole number"),
            ($"/practice/{group.Id}/settings/practice", "practice", "invoices.dueAfterDays", "1.5", "whole number"),
            ($"/practice/{group.Id}/settings/practice", "practice", "idleMinutes", "ten", "whole number"),
        ];
        foreach (var (page, handler, field, typed, what) in forms)
        {
            var answer = await browser.Post(
                page,
                await browser.Token(page),
                ("_handler", handler),
                ("version", "\"1\""),
                (field, typed)
            );
            var again = await answer.Content.ReadAsStringAsync();
            Assert.Contains($"This is not a {what}. Enter ", again, StringComparison.Ordinal);
            var input = InputOf(again, field);
            Assert.Contains("type=\"text\"", input, StringComparison.Ordinal); // a date input would drop the text
            Assert.Contains($"value=\"{typed}\"", input, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// Every box of several lines takes several lines, and they are stored as the API stores its own.
    /// </summary>
    [Fact]
    public async Task A_text_of_two_lines_is_taken_wherever_the_box_has_several()
    {
        const string typed = "12 Harbour St\r\nUnit 4",
            stored = "12 Harbour St\nUnit 4";
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup(roleType: "practitioner", profession: "physiotherapist");
        var member = await group.AddsNewPerson("full");
        var patient = await AddsPatient(group);
        var (portal, records) = (await ClaimsAccount(app, owner, group), $"{group.Path}/patients/{patient}");
        using var browser = new Browser(app);
        await browser.SignIn(owner);
        var page = $"/practice/{group.Id}/patients/{patient}";
        var soon = DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime).AddDays(30).ToString("O");
        (string Name, string Value)[] visit =
        [
            ("practitionerId", $"{owner.Id}"),
            ("locationId", $"{group.LocationId}"),
            ("minutes", "30"),
            ("allowOutsideHours", "true"),
        ];
        (string Name, string Value)[] time = [("date", soon), ("time", "09:30"), ("day", soon)];

        await SavesAsync($"/portal/{portal}/details?edit", "details", ("address", typed), ("timeZone", "Etc/UTC"));
        Assert.Equal(stored, (await owner.Api.Get($"/api/portal/accounts/{portal}"))["address"].GetString());

        await SavesAsync($"/portal/{portal}/appointments?request", "request", [("reason", typed), .. time]);
        await SavesAsync($"/portal/{portal}/health-notes?add", "note", ("text", typed));
        var requests = (await owner.Api.Get($"{group.Path}/requests")).Text;
        Assert.Equal(3, requests.Split("12 Harbour St\\nUnit 4").Length - 1); // and the changed details

        await SavesAsync($"{page}?book", "book", [("reason", typed), .. visit, .. time]);
        Assert.Equal(stored, First(await owner.Api.Get($"{records}/appointments"), "reason"));

        var appointment = First(await owner.Api.Get($"{records}/appointments"), "id");
        var calendar = $"/practice/{group.Id}/calendar?date={soon}";
        var later = $"{typed}\r\nlater";
        await SavesAsync(
            $"{calendar}&appointment={appointment}&move",
            "move",
            [("reason", later), .. visit, ("date", soon), ("time", "11:30")]
        );
        Assert.Equal($"{stored}\nlater", First(await owner.Api.Get($"{records}/appointments"), "reason"));
        await SavesAsync($"{calendar}&appointment={appointment}", "cancel", ("reason", typed));
        await SavesAsync(
            $"{calendar}&book={soon}T09:30",
            "book-slot",
            [("reason", typed), ("patientId", $"{patient}"), .. visit, .. time]
        );

        await SavesAsync(
            $"{page}/records?add",
            "add-record",
            [("kind", "note"), ("title", "x"), ("body", typed), ("date", "2026-11-02"), ("time", "09:30")]
        );
        var record = First(await owner.Api.Get($"{records}/clinical-records"), "id");
        Assert.Equal(stored, (await owner.Api.Get($"{records}/clinical-records/{record}"))["body"].GetString());

        await SavesAsync($"{page}/records/{record}", "amend", ("text", typed));
        Assert.Equal(
            stored,
            (await owner.Api.Get($"{records}/clinical-records/{record}"))["amendments"]
                [0]
                .GetProperty("text")
                .GetString()
        );
        (await owner.Api.Post($"{records}/clinical-records/{record}/share")).Should(204);
        await SavesAsync($"{page}/records/{record}", "withhold", ("reason", typed));

        await SavesAsync(
            $"/practice/{group.Id}/settings/locations?add",
            "location",
            ("name", "Two lines"),
            ("address", typed),
            ("timeZone", "Etc/UTC"),
            ("colour", "#0b5d66")
        );
        var locations = (await owner.Api.Get($"{group.Path}/locations")).Items;
        Assert.Contains(locations, location => location.GetProperty("address").GetString() == stored);

        await SavesAsync(
            $"/practice/{group.Id}/settings/practice",
            "practice",
            ("name", group.Name),
            ("address", typed),
            ("reminders.hoursBefore", "24"),
            ("invoices.currency", "AUD"),
            ("invoices.dueAfterDays", "14")
        );
        Assert.Equal(stored, (await owner.Api.Get(group.Path))["address"].GetString());

        // As long as the box takes, where a line break is one character.
        var longest = $"{new string('x', 498)}\r\ny";
        await SavesAsync(
            $"/practice/{group.Id}/settings/users/{member.Id}?deactivate",
            "deactivate",
            ("reason", longest)
        );

        await SavesAsync(
            $"{page}/details?edit",
            "edit-patient",
            ("firstName", "Ida"),
            ("lastName", "Moss"),
            ("dateOfBirth", "1985-04-12"),
            ("address", typed)
        );
        Assert.Equal(stored, (await owner.Api.Get(records))["address"].GetString());

        var linked = (await owner.Api.Get($"{group.Path}/patients"))
            .Items.Single(one => one.GetProperty("portal").GetString() == "linked")
            .GetProperty("id")
            .GetGuid();
        await SavesAsync($"/practice/{group.Id}/patients/{linked}/details?unlink", "unlink", ("reason", typed));

        var boxes = Directory
            .GetFiles(Path.Combine(Checkout.Folder, "src/Host/Practice.Web"), "*.razor", SearchOption.AllDirectories)
            .Sum(file => File.ReadAllText(file).Split("<TextAreaField").Length - 1);
        Assert.Equal(15, boxes); // a new one belongs in this test; that of a pause is in PatientPageTests

        async Task SavesAsync(string address, string handler, params (string, string)[] fields)
        {
            var form = await (await browser.Get(address)).Content.ReadAsStringAsync();
            var answer = await browser.Post(
                address,
                await browser.Token(address),
                [("_handler", handler), ("version", Version(form)), .. fields]
            );
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{address}: {answer.StatusCode} {said}");
        }

        static string? First(Answer list, string property) => list.Items[0].GetProperty(property).GetString();
    }

    [Fact]
    public async Task With_two_factors_the_email_form_asks_for_the_password_once()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var browser = new Browser(app);
        await browser.SignIn(person);
        var token = await browser.Token("/account");
        await app.VerificationEnds(person.Id);
        await app.Owner.Execute("update users.accounts set two_factor_enabled = true where id = $1", person.Id);
        foreach (
            var (path, handler, field) in new[]
            {
                ("/account", "email", "password"),
                ("/change-password", "change-password", "currentPassword"),
            }
        )
        {
            var asked = await browser.Post(
                path,
                token,
                ("_handler", handler),
                ("newEmail", $"new-{person.Email}"),
                (field, person.Password),
                ("newPassword", "pebble-orbit-lantern-27")
            );
            var form = await asked.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
            Assert.Contains("name=\"verify.code\"", form, StringComparison.Ordinal);
            Assert.DoesNotContain("name=\"verify.password\"", form, StringComparison.Ordinal);
            var wrong = await browser.Post(
                path,
                token,
                ("_handler", handler),
                ("newEmail", $"new-{person.Email}"),
                (field, "not the password"),
                ("newPassword", "pebble-orbit-lantern-27"),
                ("verify.code", "000000")
            );
            Assert.Contains(
                $"id=\"{handler}-{field}-error\"",
                await wrong.Content.ReadAsStringAsync(),
                StringComparison.Ordinal
            );
        }
    }

    private static string InputOf(string page, string field) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"<input[^>]* name=\"{Regex.Escape(field)}\"[^>]*>").Value);

    /// <summary>A portal account of the person, linked to a patient of the practice.</summary>
    internal static async Task<Guid> ClaimsAccount(TestApp app, Person person, Group group)
    {
        const string bornOn = "1985-04-12";
        var account = (await person.Api.Post("/api/portal/accounts", new { dateOfBirth = bornOn })).Should(201).Id;
        var patient = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    person.FirstName,
                    person.LastName,
                    person.Email,
                    dateOfBirth = bornOn,
                    locationId = group.LocationId,
                }
            )
        ).Should(201).Id;
        (await group.Owner.Api.Post($"{group.Path}/patients/{patient}/invite")).Should(202);
        var mail = await app.Mail.WaitFor(person.Email, "invites you to the patient portal");
        (await person.Api.Post("/api/portal/claims", new { token = mail.Token })).Should(204);
        return account;
    }

    [Fact]
    public async Task A_missing_location_of_a_new_patient_is_an_error_of_its_field()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var receptionist = await group.AddsNewPerson(
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var page = $"/practice/{group.Id}/patients?add";
        using var browser = new Browser(app);
        await browser.SignIn(receptionist);
        var answer = await browser.Post(
            page,
            await browser.Token(page),
            ("_handler", "add-patient"),
            ("firstName", "Vera"),
            ("lastName", "Moss"),
            ("dateOfBirth", "1950-01-02")
        );
        Assert.Contains(
            "id=\"add-patient-locationId-error\"",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_form_asks_who_the_person_is_and_keeps_what_they_typed()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var member = await group.AddsNewPerson("full");
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        var path = $"/practice/{group.Id}/settings/users/{member.Id}/access";
        var version = Version(await (await browser.Get(path)).Content.ReadAsStringAsync());
        await app.VerificationEnds(group.Owner.Id);

        var asked = await PostAsync(HttpStatusCode.Forbidden);
        Assert.Contains("Confirm it is you", asked, StringComparison.Ordinal);
        Assert.Contains("name=\"verify.password\"", asked, StringComparison.Ordinal);
        Assert.Matches("""name="owner"[^>]* checked""", asked);
        var wrong = await PostAsync(HttpStatusCode.UnprocessableEntity, ("verify.password", "not the password"));
        Assert.Contains("id=\"access-verify-password-error\"", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("not the password", wrong, StringComparison.Ordinal);
        Assert.False((await group.MemberOf(member))["owner"].GetBoolean());

        await PostAsync(HttpStatusCode.Redirect, ("verify.password", group.Owner.Password));
        Assert.True((await group.MemberOf(member))["owner"].GetBoolean());

        async Task<string> PostAsync(HttpStatusCode status, params (string, string)[] more)
        {
            var answer = await browser.Post(
                path,
                await browser.Token(path),
                [
                    ("_handler", "access"),
                    ("act", "save"),
                    ("version", version),
                    ("level-administrator", "Full"),
                    .. new[]
                    {
                        "othersPatients",
                        "othersCalendars",
                        "othersInvoices",
                        "othersClinicalRecords",
                        "financialReports",
                        "exportData",
                        "manageUsers",
                        "manageLocations",
                    }.Select(setting => ("on-administrator-Full", setting)),
                    ("owner", "true"),
                    .. more,
                ]
            );
            Assert.Equal(status, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_confirmed_action_asks_who_the_person_is_on_a_page_and_comes_back()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var second = await group.AddsNewPerson("full");
        var access = $"{group.Path}/members/{second.Id}/access";
        (await group.Owner.Api.Change(access, new { accessLevel = "full", owner = true })).Should(204);
        using var browser = new Browser(app);
        await browser.SignIn(second);
        var path = $"/practice/{group.Id}/settings/users/{second.Id}";
        await app.VerificationEnds(second.Id);

        var asked = await browser.Post(path, await browser.Token(path), ("_handler", "leave"));
        var confirm = $"/confirm?again&to={Uri.EscapeDataString(path)}";
        Assert.Equal(confirm, asked.Headers.Location!.OriginalString);
        var wrong = await browser.Post(
            confirm,
            await browser.Token(confirm),
            ("_handler", "confirm"),
            ("password", "not the password")
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        var back = await browser.Post(
            confirm,
            await browser.Token(confirm),
            ("_handler", "confirm"),
            ("password", second.Password)
        );
        Assert.EndsWith(path, back.Headers.Location!.OriginalString, StringComparison.Ordinal);
        var page = await (await browser.Get(path)).Content.ReadAsStringAsync();
        Assert.Contains("please do it again", page, StringComparison.Ordinal);
        var left = await browser.Post(path, await browser.Token(path), ("_handler", "leave"));
        Assert.EndsWith("/practice", left.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_pause_a_page_of_the_practice_asks_for_the_password_and_comes_back()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        using var browser = new Browser(app);
        await browser.SignIn(group.Owner);
        var settings = $"/practice/{group.Id}/settings/practice";
        var page = await (await browser.Get(settings)).Content.ReadAsStringAsync();
        foreach (
            var (minutes, status) in new[] { ("soon", HttpStatusCode.BadRequest), ("15", HttpStatusCode.Redirect) }
        )
            Assert.Equal(status, (await SaveAsync(minutes)).StatusCode);
        Assert.Equal(15, (await group.Owner.Api.Get(group.Path))["idleMinutes"].GetInt32());

        var path = $"/practice/{group.Id}/patients?search=moss";
        page = await (await browser.Get(path)).Content.ReadAsStringAsync();
        Assert.Contains("class=\"staff\" data-idle-seconds=\"900\"", page, StringComparison.Ordinal);
        await app.TimePasses(group.Owner.Id, TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.NoContent, (await browser.Get("/session")).StatusCode); // "Stay signed in"
        await app.TimePasses(group.Owner.Id, TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.OK, (await browser.Get(path)).StatusCode);

        await app.TimePasses(group.Owner.Id, TimeSpan.FromMinutes(16));
        var confirm = $"/confirm?to={Uri.EscapeDataString(path)}";
        Assert.Equal(confirm, (await browser.Get(path)).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).StatusCode);
        Assert.Equal(confirm, (await browser.Get(path)).Headers.Location!.OriginalString);
        var back = await browser.Post(
            confirm,
            await browser.Token(confirm),
            ("_handler", "confirm"),
            ("password", group.Owner.Password)
        );
        Assert.EndsWith(path, back.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get(path)).StatusCode);

        async Task<HttpResponseMessage> SaveAsync(string minutes) =>
            await browser.Post(
                settings,
                await browser.Token(settings),
                ("_handler", "practice"),
                ("version", Version(page)),
                ("name", group.Name),
                ("reminders.hoursBefore", "24"),
                ("invoices.currency", "AUD"),
                ("invoices.dueAfterDays", "14"),
                ("idleMinutes", minutes)
            );
    }

    /// <summary>
    /// Someone else changes what the form is about. The person sees that once, whatever else was wrong with the form,
    /// and can then replace it.
    /// </summary>
    private static async Task ConflictsOnce(Browser browser, Form form, Func<Task<Answer>> change, string current)
    {
        var page = await (await browser.Get(form.Page)).Content.ReadAsStringAsync();
        var version = Version(page);
        (await change()).Should(204);

        if (form.Wrong is { } wrong)
        {
            page = await PostAsync(version, HttpStatusCode.BadRequest, wrong);
            Assert.Equal(version, Version(page));
        }

        page = await PostAsync(version, HttpStatusCode.PreconditionFailed);
        Assert.Contains("Current values", page, StringComparison.Ordinal);
        Assert.Contains(current, page, StringComparison.Ordinal);
        Assert.NotEqual(version, Version(page));
        await PostAsync(Version(page), HttpStatusCode.Redirect);

        async Task<string> PostAsync(string based, HttpStatusCode status, (string, string)? wrong = null)
        {
            var answer = await browser.Post(
                form.Page,
                await browser.Token(form.Page),
                [
                    ("_handler", form.Handler),
                    ("version", based),
                    .. form.Fields.Where(field => field.Name != wrong?.Item1),
                    .. wrong is { } field ? [field] : Array.Empty<(string, string)>(),
                ]
            );
            Assert.Equal(status, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    private static string Version(string page) => WebUtility.HtmlDecode(VersionField().Match(page).Groups[1].Value);

    private static async Task<Guid> AddsPatient(Group group) => (
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

    /// <param name="Fields">Accepted by the API.</param>
    /// <param name="Wrong">One field with a value that the API rejects.</param>
    private sealed record Form(
        string Page,
        string Handler,
        (string Name, string Value)[] Fields,
        (string Name, string Value)? Wrong
    );

    [GeneratedRegex("""name="version" value="([^"]+)""")]
    private static partial Regex VersionField();
}
