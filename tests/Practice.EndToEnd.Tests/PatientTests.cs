using System.Globalization;

namespace Practice.EndToEnd.Tests;

/// <summary>
/// The staff pages of patients: details, appointments, invoices, clinical records, and requests from the portal.
/// </summary>
public sealed class PatientTests
{
    [Fact]
    public async Task A_patient_is_added_and_gets_an_appointment_and_an_invoice()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(roleType: "practitioner", profession: "physiotherapist");
        var owner = group.Owner;
        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopAndPhoneDark,
            $"/practice/{group.Id}/patients"
        );
        await screen.SeesAsync("No patients yet");
        await screen.InspectAsync("patients-empty");

        // By keyboard only, with one error.
        await screen.Link("Add patient").FocusAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Heading("Add patient")).ToBeVisibleAsync();
        await screen.Field("First name").FocusAsync();
        await screen.Page.Keyboard.TypeAsync("Aurelia");
        await screen.Page.Keyboard.PressAsync("Tab");
        await screen.Page.Keyboard.PressAsync("Tab");
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Field("Last name")).ToBeFocusedAsync();
        await Assertions.Expect(screen.Field("First name")).ToHaveValueAsync("Aurelia");
        await screen.InspectAsync("patients-add");
        await screen.Page.Keyboard.TypeAsync("Featherstonehaugh-Montgomery");
        await screen.Field("Date of birth").FillAsync("1985-04-12");
        await screen.Field("Email (optional)").FillAsync("aurelia.featherstonehaugh@a-long-mail-address.example");
        await screen.Field("Email (optional)").PressAsync("Enter");
        await screen.SeesAsync("Aurelia Featherstonehaugh-Montgomery is added.");
        await screen.SeesAsync("No upcoming appointments");
        await screen.InspectAsync("patient-empty");
        var path = new Uri(screen.Page.Url).AbsolutePath;

        // An appointment in the location's time zone: 9:30 in Melbourne.
        await screen.Link("Book").ClickAsync();
        await Assertions.Expect(screen.Field("Location")).ToHaveValueAsync(group.LocationId.ToString());
        await screen.Field("Date").FillAsync("2031-07-01");
        await screen.Button("Book").ClickAsync();
        await Assertions.Expect(screen.Field("Starts")).ToBeFocusedAsync();
        await screen.InspectAsync("patient-book");
        await screen.Field("Starts").FillAsync("09:30");
        await screen.Field("Minutes").FillAsync("45");
        await screen.Button("Book").ClickAsync();
        await screen.SeesAsync("Booked for Tue 1 Jul 2031, 9:30 am.");
        await screen.SeesAsync("45 minutes");
        var booked = (
            await owner.Api.Get($"{group.Path}/appointments?from=2031-06-30T00:00:00Z&to=2031-07-03T00:00:00Z")
        ).Items.Single();
        Assert.Equal(
            "2031-06-30T23:30:00Z",
            booked
                .GetProperty("startsAt")
                .GetDateTimeOffset()
                .ToUniversalTime()
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
        );
        await screen.InspectAsync("patient-appointments");

        // The hour that is skipped in spring does not exist.
        await screen.Link("Book").ClickAsync();
        await screen.Field("Date").FillAsync("2031-10-05");
        await screen.Field("Starts").FillAsync("02:30");
        await screen.Button("Book").ClickAsync();
        await screen.SeesAsync("The next one is 3:00 am.");
        await screen.GoAsync(path);

        await screen.Button("Cancel appointment").ClickAsync();
        await screen.InspectAsync("patient-cancel-ask");
        await screen
            .Page.Locator("dialog[open]")
            .GetByRole(AriaRole.Button, new() { Name = "Cancel appointment" })
            .ClickAsync();
        await screen.SeesAsync("The appointment is cancelled.");
        await screen.Link("Past and cancelled").ClickAsync();
        await screen.SeesAsync("Cancelled");

        // An invoice with three items, a live total, and an error in the last item.
        await screen.Page.Locator(".tabs").GetByText("Invoices").ClickAsync();
        await screen.SeesAsync("No invoices yet");
        await screen.Link("Issue invoice").ClickAsync();
        await Assertions.Expect(screen.Field("Currency")).ToHaveValueAsync("AUD");
        await screen.Field("Number (optional)").FillAsync("2031-0001");
        await FillLineAsync(0, "First consultation", "1", "95.50");
        await FillLineAsync(1, "Follow-up, half an hour each", "3", "60");
        await Assertions.Expect(screen.Page.Locator("output")).ToHaveTextAsync("275.50 AUD");
        await screen.Button("Add item").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("[name='lines[2].description']")).ToBeVisibleAsync();
        await Assertions
            .Expect(screen.Page.Locator("[name='lines[0].description']"))
            .ToHaveValueAsync("First consultation");
        await FillLineAsync(2, "Tape", "2", "12,5");
        await screen.Button("Issue invoice").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("[name='lines[2].unitPrice']")).ToBeFocusedAsync();
        await screen.InspectAsync("patient-invoice-issue");
        await screen.Page.Locator("[name='lines[2].unitPrice']").FillAsync("12.50");
        await screen.Button("Issue invoice").ClickAsync();
        await screen.SeesAsync("Invoice 2031-0001 is issued.");
        await screen.SeesAsync("300.50 AUD");
        await screen.InspectAsync("patient-invoices");
        await screen.Link("Issue invoice").ClickAsync();
        await screen.Field("Number (optional)").FillAsync("2031-0001");
        await FillLineAsync(1, "In the second row", "1", "10");
        await screen.Button("Issue invoice").ClickAsync();
        await Assertions.Expect(screen.Field("Number (optional)")).ToBeFocusedAsync();
        await screen.SeesAsync("The practice already has an invoice with this number.");

        // Two people change the details at once. The second sees the conflict and keeps their input.
        await screen.GoAsync($"{path}/details");
        await screen.Link("Edit").ClickAsync();
        await screen.Field("First name").FillAsync("Aurelie");
        (
            await owner.Api.Change(
                $"{group.Path}{path[path.IndexOf("/patients", StringComparison.Ordinal)..]}",
                new
                {
                    firstName = "Aurelia",
                    lastName = "Montgomery",
                    email = "a@practice.test",
                    dateOfBirth = "1985-04-12",
                }
            )
        ).Should(204);
        await screen.Button("Save").ClickAsync();
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("First name")).ToHaveValueAsync("Aurelie");
        await screen.SeesAsync("Your input is below. Save again to replace the current values.");
        await screen.InspectAsync("patient-edit-changed");
        await screen.Button("Save").ClickAsync();
        await screen.SeesAsync("The details are saved.");
        await screen.Link("Invite to portal").ClickAsync();
        await screen.InspectAsync("patient-invite");
        await screen.Button("Send invitation").ClickAsync();
        await screen.SeesAsync("The patient is invited");
        await screen.Link("Invite a guardian").ClickAsync();
        await screen.Button("Send invitation").ClickAsync();
        await screen.SeesAsync("Enter the guardian's email.");
        await screen.Field("Guardian's email").FillAsync("parent@practice.test");
        await screen.Button("Send invitation").ClickAsync();
        await screen.SeesAsync("The guardian is invited");
        await site.Host.Mail.WaitFor("parent@practice.test", "as a guardian");
        await screen.InspectAsync("patient-details");

        async Task FillLineAsync(int row, string what, string quantity, string price)
        {
            await screen.Page.Locator($"[name='lines[{row}].description']").FillAsync(what);
            await screen.Page.Locator($"[name='lines[{row}].quantity']").FillAsync(quantity);
            await screen.Page.Locator($"[name='lines[{row}].unitPrice']").FillAsync(price);
        }
    }

    [Fact]
    public async Task Without_JavaScript_a_patient_is_added_found_booked_and_invoiced()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(roleType: "practitioner", profession: "physiotherapist");
        var owner = group.Owner;
        await AddPatientsAsync(group, 2);
        await using var screen = await site.OpenAsOwnerAsync(Device.NoScript, $"/practice/{group.Id}/patients");
        await screen.Link("Add patient").ClickAsync();
        await screen.Field("First name").FillAsync("Ida");
        await screen.Field("Last name").FillAsync("Plain");
        await screen.Field("Date of birth").FillAsync("2001-02-03");
        await screen.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Add patient" }).ClickAsync();
        await screen.SeesAsync("Ida Plain is added.");
        await screen.Link("All patients").ClickAsync();
        await screen.Page.GetByRole(AriaRole.Searchbox).FillAsync("pla");
        await screen.Button("Search").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await screen.InspectAsync("patients-found");
        await screen.Link("Ida Plain").ClickAsync();
        await screen.Link("Book").ClickAsync();
        await screen.Field("Date").FillAsync("2031-07-01");
        await screen.Field("Starts").FillAsync("09:30");
        await screen.Button("Book").ClickAsync();
        await screen.SeesAsync("Booked for Tue 1 Jul 2031, 9:30 am.");
        await screen.Page.Locator(".tabs").GetByText("Invoices").ClickAsync();
        await screen.Link("Issue invoice").ClickAsync();
        await screen.Field("Number (optional)").FillAsync("1");
        foreach (var (row, what) in new[] { (0, "One"), (1, "Two"), (2, "Three") })
        {
            if (row == 2)
                await screen.Button("Add item").ClickAsync();
            await screen.Page.Locator($"[name='lines[{row}].description']").FillAsync(what);
            await screen.Page.Locator($"[name='lines[{row}].unitPrice']").FillAsync("10.10");
        }

        await screen.Button("Issue invoice").ClickAsync();
        await screen.SeesAsync("30.30 AUD");
        await screen.InspectAsync("patient-invoices");
    }

    [Fact]
    public async Task Patients_are_searched_while_typing_and_paged()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var owner = group.Owner;
        var mill = (
            await owner.Api.Post(
                $"{group.Path}/locations",
                new
                {
                    name = "Mill Lane",
                    timeZone = "Australia/Perth",
                    colour = "#b0387a",
                }
            )
        ).Should(201).Id;
        await AddPatientsAsync(group, 53);
        (
            await owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Quintus",
                    lastName = "Zebedee",
                    dateOfBirth = "1970-01-02",
                    locationId = mill,
                }
            )
        ).Should(201);
        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopDarkAndPhone,
            $"/practice/{group.Id}/patients"
        );
        await Assertions.Expect(screen.Page.Locator("tbody tr")).ToHaveCountAsync(50);
        await screen.Link("Next page").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("tbody tr")).ToHaveCountAsync(4);
        await screen.InspectAsync("patients"); // the short page, since every row is checked

        var search = screen.Page.GetByRole(AriaRole.Searchbox);
        await search.PressSequentiallyAsync("zebe");
        await Assertions.Expect(screen.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(search).ToHaveValueAsync("zebe");
        await Assertions.Expect(search).ToBeFocusedAsync(); // typing can continue
        await search.FillAsync("nobody of that name");
        await screen.SeesAsync("No patients found");
        await screen.InspectAsync("patients-none");
        await search.FillAsync("");
        await Assertions.Expect(screen.Page.Locator("tbody tr")).ToHaveCountAsync(50);
        await screen.Field("Location").SelectOptionAsync(mill.ToString());
        await Assertions.Expect(screen.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await screen.SeesAsync("Quintus Zebedee");
    }

    [Fact]
    public async Task Text_typed_while_a_search_runs_stays_in_the_field()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        foreach (var firstName in new[] { "Vera", "Veit", "Otto" })
            (
                await group.Owner.Api.Post(
                    $"{group.Path}/patients",
                    new
                    {
                        firstName,
                        lastName = "Moss",
                        dateOfBirth = "1970-01-02",
                    }
                )
            ).Should(201);
        await using var screen = await site.OpenAsOwnerAsync(Device.Desktop, $"/practice/{group.Id}/patients");
        await screen.StopsTheClockAsync(); // the search waits for a pause between two keys
        var (sent, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await screen.Page.RouteAsync(
            url => url.Contains("search=Ve&", StringComparison.Ordinal),
            async route =>
            {
                sent.SetResult();
                await release.Task;
                await route.ContinueAsync();
            }
        );

        var search = screen.Page.GetByRole(AriaRole.Searchbox);
        await search.PressSequentiallyAsync("Ve");
        await screen.Page.Clock.RunForAsync(300);
        await sent.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await search.PressSequentiallyAsync("r");
        release.SetResult();
        await screen.DoesNotSeeAsync("Otto Moss"); // the page of the first search has come
        await screen.SeesAsync("Veit Moss");
        await search.PressSequentiallyAsync("a");
        await Assertions.Expect(search).ToHaveValueAsync("Vera");
        await screen.Page.Clock.RunForAsync(300);
        await screen.DoesNotSeeAsync("Veit Moss");
        await screen.SeesAsync("Vera Moss");
        await Assertions.Expect(search).ToHaveValueAsync("Vera");
        Assert.Contains("search=Vera&", screen.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_is_shown_when_its_year_is_complete()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        await using var screen = await site.OpenAsOwnerAsync(
            Device.Desktop,
            $"/practice/{group.Id}/calendar?date=2026-11-05"
        );
        await screen.StopsTheClockAsync();
        await screen.Field("Day").FocusAsync();
        await screen.Page.Keyboard.PressAsync("ArrowRight");
        await screen.Page.Keyboard.PressAsync("ArrowRight"); // the year is the last part
        var sent = new System.Collections.Concurrent.ConcurrentQueue<string>();
        screen.Page.Request += (_, request) => sent.Enqueue(request.Url);
        foreach (var digit in "2027")
        {
            await screen.Page.Keyboard.PressAsync($"{digit}");
            await screen.Page.Clock.RunForAsync(500);
        }

        Assert.Empty(sent);
        await screen.Page.Clock.RunForAsync(500);
        await Assertions.Expect(screen.Heading("Friday 5 November 2027")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("Day")).ToHaveValueAsync("2027-11-05");
    }

    [Fact]
    public async Task Pages_offer_only_what_the_access_level_allows_and_show_codes_for_hidden_names()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(roleType: "practitioner", profession: "physiotherapist");
        var owner = group.Owner;
        var patient = (
            await owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = "Hiddenname",
                    email = "vera@practice.test",
                    dateOfBirth = "1950-01-02",
                }
            )
        ).Should(201).Id;
        (
            await owner.Api.Post(
                $"{group.Path}/patients/{patient}/clinical-records",
                new
                {
                    kind = "note",
                    title = "Clinicalword",
                    body = "Clinicalword",
                    recordedAt = "2026-11-02T09:00:00Z",
                }
            )
        ).Should(201);
        var reception = await group.AddsNewPerson("reception", settings: new() { ["hidePatientNames"] = true });
        var looker = await group.AddsNewPerson("full", settings: new() { ["readOnly"] = true });

        await using var screen = await site.OpenAsync(Device.PhoneDark);
        await screen.SignInAsync(reception, $"/practice/{group.Id}/patients");
        await screen.SeesAsync("Patient P-");
        await screen.DoesNotSeeAsync("Hiddenname");
        await screen.InspectAsync("patients-codes");
        await screen.Page.Locator(".row-link").ClickAsync();
        await Assertions.Expect(screen.Link("Clinical records")).ToBeVisibleAsync();
        await screen.Link("Clinical records").ClickAsync();
        await screen.SeesAsync("No access to clinical records");
        await screen.InspectAsync("patient-records-closed");
        await Assertions.Expect(screen.Link("Add record")).ToHaveCountAsync(0);
        await screen.Link("Details and portal").ClickAsync();
        await screen.SeesAsync("Names and contact details are hidden from you");
        await Assertions.Expect(screen.Link("Edit")).ToHaveCountAsync(0);
        Assert.DoesNotContain("Hiddenname", await screen.Page.ContentAsync(), StringComparison.Ordinal);
        var answer = await screen.Page.GotoAsync(
            $"/practice/{group.Id}/patients/{patient}/records/{Guid.CreateVersion7()}"
        );
        Assert.Equal(404, answer!.Status);
        await screen.InspectAsync("not-found");

        await using var other = await site.OpenAsync(Device.Desktop);
        await other.SignInAsync(looker, $"/practice/{group.Id}/patients");
        await other.SeesAsync("Vera Hiddenname");
        await Assertions.Expect(other.Link("Add patient")).ToHaveCountAsync(0);
        foreach (
            var (page, offer) in new[]
            {
                ("", "Book"),
                ("/invoices", "Issue invoice"),
                ("/records", "Add record"),
                ("/details", "Invite to portal"),
            }
        )
        {
            await other.GoAsync($"/practice/{group.Id}/patients/{patient}{page}?add&book&issue&edit&invite");
            await Assertions.Expect(other.Heading("Vera Hiddenname")).ToBeVisibleAsync();
            await Assertions.Expect(other.Link(offer)).ToHaveCountAsync(0);
            await Assertions.Expect(other.Page.Locator("dialog.modal")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task The_calendar_shows_a_day_in_the_locations_zone()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(roleType: "practitioner", profession: "physiotherapist");
        var owner = group.Owner;
        var perth = (
            await owner.Api.Post(
                $"{group.Path}/locations",
                new
                {
                    name = "Perth",
                    timeZone = "Australia/Perth",
                    colour = "#b0387a",
                }
            )
        ).Should(201).Id;
        var paul = await group.AddsMember("clinical", "practitioner", locations: perth);
        var patients = await AddPatientsAsync(group, 2);
        // 9:30 am on 1 July in Melbourne.
        await BookAsync(patients[0], owner.Id, group.LocationId, "2031-06-30T23:30:00Z");
        await BookAsync(patients[1], paul.Id, perth, "2031-07-01T01:00:00Z"); // 9 am in Perth
        // 11 pm on 30 June in Perth, 1 July in Melbourne.
        await BookAsync(patients[1], paul.Id, perth, "2031-06-30T15:00:00Z");

        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopAndPhoneDark,
            $"/practice/{group.Id}/calendar"
        );
        await screen.SeesAsync("No appointments on this day");
        await screen.InspectAsync("calendar-empty");
        await screen.Field("Day").FillAsync("2031-07-01");
        await Assertions.Expect(screen.Heading("Tuesday 1 July 2031")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(3);
        await screen.SeesAsync("9:30 am");
        await screen.SeesAsync("(Mon 30 Jun)"); // the date differs there
        await screen.InspectAsync("calendar");
        await screen.Field("Location").SelectOptionAsync(perth.ToString());
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(1);
        await screen.SeesAsync("9:00 am");
        await screen.Link("Previous day").ClickAsync();
        await screen.SeesAsync("11:00 pm"); // 30 June in Perth
        await screen.Link("Next day").ClickAsync();
        await Assertions.Expect(screen.Heading("Tuesday 1 July 2031")).ToBeVisibleAsync();
        await screen.SeesAsync("9:00 am");
        await screen.Field("Practitioner").SelectOptionAsync(owner.Id.ToString());
        await screen.SeesAsync("No appointments on this day");
        await screen.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Today" }).ClickAsync();
        await Assertions.Expect(screen.Heading("Tuesday 1 July 2031")).ToHaveCountAsync(0);

        async Task BookAsync(Guid patient, Guid practitioner, Guid location, string startsAt) =>
            (
                await owner.Api.Post(
                    $"{group.Path}/patients/{patient}/appointments",
                    new
                    {
                        practitionerId = practitioner,
                        locationId = location,
                        startsAt,
                        endsAt = DateTimeOffset.Parse(startsAt, CultureInfo.InvariantCulture).AddMinutes(45),
                        reason = "Knee",
                    }
                )
            ).Should(201);
    }

    [Fact]
    public async Task Requests_from_the_portal_are_confirmed_declined_and_seen()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync(
            "Harbour Street Clinic",
            roleType: "practitioner",
            profession: "physiotherapist"
        );
        var owner = group.Owner;
        var patient = await site.Host.SignUpAndConfirm();
        var account = await ClaimAsync(site, group, patient);
        var tomorrow = DateTimeOffset.UtcNow.AddDays(1);
        (
            await patient.Api.Post(
                $"/api/portal/accounts/{account}/appointments",
                new
                {
                    groupId = group.Id,
                    startsAt = tomorrow,
                    reason = "My knee again",
                }
            )
        ).Should(201);
        (
            await patient.Api.Post(
                $"/api/portal/accounts/{account}/appointments",
                new
                {
                    groupId = group.Id,
                    startsAt = tomorrow.AddDays(1),
                    reason = "Not this one",
                }
            )
        ).Should(201);
        (
            await patient.Api.Post(
                $"/api/portal/accounts/{account}/health-notes",
                new { groupId = group.Id, text = "It clicks when I climb stairs.\nMostly in the morning." }
            )
        ).Should(201);

        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopDarkAndPhone,
            $"/practice/{group.Id}/requests"
        );
        await Assertions.Expect(screen.Page.Locator(".rows > li")).ToHaveCountAsync(3);
        await screen.SeesAsync($"Sent by {patient.FirstName} {patient.LastName}");
        await screen.InspectAsync("requests");
        await Row("clicks").GetByRole(AriaRole.Button, new() { Name = "Mark as seen" }).ClickAsync();
        await screen.SeesAsync("Marked as seen.");

        await Row("My knee").GetByRole(AriaRole.Link, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(screen.Field("Practitioner")).ToHaveValueAsync(owner.Id.ToString());
        await screen.Field("Minutes").FillAsync("");
        await screen.Button("Confirm and book").ClickAsync();
        await screen.SeesAsync("This field is required.");
        await screen.InspectAsync("requests-confirm");
        await screen.Field("Date").FillAsync("2031-07-01");
        await screen.Field("Starts").FillAsync("09:30");
        await screen.Field("Minutes").FillAsync("20");
        await screen.Button("Confirm and book").ClickAsync();
        await screen.SeesAsync("Booked for Tue 1 Jul 2031, 9:30 am.");
        var booked = (await patient.Api.Get($"/api/portal/accounts/{account}/appointments")).Items.Single();
        Assert.Equal(
            TimeSpan.FromMinutes(20),
            booked.GetProperty("endsAt").GetDateTimeOffset() - booked.GetProperty("startsAt").GetDateTimeOffset()
        );

        await Row("Not this one").GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await screen.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Decline" }).ClickAsync();
        await screen.SeesAsync("The request is declined.");
        await screen.SeesAsync("No open requests");
        await screen.InspectAsync("requests-none");
        await screen.Link("All").ClickAsync();
        await Assertions.Expect(screen.Page.Locator(".rows > li")).ToHaveCountAsync(3);
        await screen.InspectAsync("requests-all");

        ILocator Row(string text) => screen.Page.Locator(".rows > li", new() { HasText = text });
    }

    private static async Task<List<Guid>> AddPatientsAsync(Group group, int count)
    {
        var made = new List<Guid>();
        foreach (var number in Enumerable.Range(1, count))
        {
            made.Add((
                    await group.Owner.Api.Post(
                        $"{group.Path}/patients",
                        new
                        {
                            firstName = "Robin",
                            lastName = $"Patient {number:00}",
                            email = $"patient{number}@practice.test",
                            dateOfBirth = "1990-05-06",
                            locationId = group.LocationId,
                        }
                    )
                ).Should(201).Id);
        }

        return made;
    }

    /// <summary>Opens a portal account and claims an invitation of the practice.</summary>
    private static async Task<Guid> ClaimAsync(Site site, Group group, Person person)
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
        var mail = await site.Host.Mail.WaitFor(person.Email, "invites you to the patient portal");
        (await person.Api.Post("/api/portal/claims", new { token = mail.Token })).Should(204);
        return account;
    }
}
