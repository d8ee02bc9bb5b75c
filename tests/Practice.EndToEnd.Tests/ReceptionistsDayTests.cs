namespace Practice.EndToEnd.Tests;

/// <summary>A receptionist's day: requests, the calendar, the waiting room, invoices.</summary>
public sealed class ReceptionistsDayTests
{
    [Theory, InlineData("desktop"), InlineData("phone-dark")]
    public async Task A_receptionist_books_moves_receives_bills_and_takes_payments(string device)
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync("Harbour Street Clinic");
        await group.OpensFromEightToFive();
        var paula = await group.AddsPractitioner("Paula Reed");
        var clinic = new PortalClinic(group);
        var ines = await site.Host.SignsUp("Ines", "Vale");
        var (account, patient) = await clinic.Links(ines);
        var other = await group.AddsPatient("Otto", "Featherstonehaugh-Montgomery");
        var now = DateTimeOffset.UtcNow;
        await group.Books(patient, paula, now, "Knee");
        await group.Books(other, paula, now, "Shoulder");
        await group.Books(other, paula, WorkingDay.Later(9), "Shoulder");
        await group.IssuesInvoice(other, paula);
        (
            await ines.Api.Post(
                $"/api/portal/accounts/{account}/appointments",
                new
                {
                    groupId = group.Id,
                    startsAt = now.AddDays(10),
                    reason = "My knee again",
                }
            )
        ).Should(201);
        var receptionist = await group.AddsNewPerson(await group.AddsLevel("Front desk"), locations: group.LocationId);

        // Today: a request waits, and two patients are expected.
        await using var screen = await site.BeginsTheDay(device, receptionist, "Appointments today");
        await Assertions.Expect(screen.Page.Locator(".rows > li")).ToHaveCountAsync(2);
        await screen.InspectAsync("day-reception-today");
        await screen.Link("1 request waits").ClickAsync();
        await screen.SeesAsync("My knee again");
        await screen.InspectAsync("day-reception-requests");
        await screen.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Confirm: ") }).ClickAsync();
        await screen.Field("Practitioner").SelectOptionAsync($"{paula}");
        await screen.Field("Date").FillAsync(WorkingDay.LaterDay);
        await screen.Field("Starts").FillAsync("14:00");
        await screen.InspectAsync("day-reception-confirm");
        await screen.Button("Confirm and book").ClickAsync();
        await screen.SeesStatusAsync("Booked for Wed 2 Jul 2031, 2:00 pm.");
        await screen.SeesAsync("No open requests");

        // The telephone: from a free time, at one that is taken, which a tick allows.
        await screen.OpensAsync("Calendar");
        await screen.Field("Day").FillAsync(WorkingDay.LaterDay);
        await Assertions.Expect(screen.Heading("Wednesday 2 July 2031")).ToBeVisibleAsync();
        await screen.InspectAsync("day-reception-calendar");
        if (screen.Device.IsNarrow) // a list of what is booked: there are no free times to choose
        {
            await screen.Link("Book").ClickAsync();
            await screen.Field("Practitioner").Last.SelectOptionAsync($"{paula}");
            await screen.Field("Date").FillAsync(WorkingDay.LaterDay);
        }
        else
        {
            await screen.Link("Book 10:00 am").ClickAsync();
        }

        await screen.Field("Patient").FillAsync("Vale");
        await screen.Button("Find").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("input[name=patientId]")).ToBeCheckedAsync();
        await screen.Field("Starts").FillAsync("09:15");
        await screen.Button("Book").ClickAsync();
        await screen.SeesErrorAsync("The practitioner is already booked at this time.");
        await screen.InspectAsync("day-reception-overlap");
        await screen.Field("At the same time, on purpose").CheckAsync();
        await screen.Button("Book").ClickAsync();
        await screen.SeesStatusAsync("Booked for Wed 2 Jul 2031, 9:15 am.");
        await screen.InspectAsync("day-reception-booked");

        // It moves to a time that is free.
        await screen.Page.Locator(".visit a", new() { HasText = "9:15 am" }).ClickAsync();
        await screen.Link("Move").ClickAsync();
        await screen.Field("Starts").FillAsync("11:00");
        await screen.InspectAsync("day-reception-move");
        await screen.Button("Move").ClickAsync();
        await screen.SeesStatusAsync("Moved to Wed 2 Jul 2031, 11:00 am.");

        // The waiting room: one patient has come, the other one has not.
        await screen.OpensAsync("Today", "Appointments today");
        await Expected("Ines Vale").ClickAsync();
        await Assertions.Expect(screen.Button("Arrived")).ToBeVisibleAsync();
        await screen.InspectAsync("day-reception-appointment");
        await screen.Button("Arrived").ClickAsync();
        await screen.SeesStatusAsync("The patient has arrived.");
        await screen.OpensAsync("Today", "Appointments today");
        await Expected("Otto").ClickAsync();
        await screen.Button("Did not come").ClickAsync();
        await screen.SeesStatusAsync("Marked as did not come.");
        await screen.OpensAsync("Today", "Appointments today");
        await Assertions.Expect(screen.Item("Ines Vale").Locator(".pill")).ToHaveTextAsync("Arrived");
        await Assertions.Expect(screen.Item("Otto").Locator(".pill")).ToHaveTextAsync("Did not come");
        await screen.InspectAsync("day-reception-today-later");

        // The patient changed their number, first with a digit missing.
        await screen.OpensAsync("Patients");
        await screen.InspectAsync("day-reception-patients");
        await screen.Link("Ines Vale").ClickAsync();
        await screen.Link("Details and portal").ClickAsync();
        await screen.SeesAsync($"Linked with the invitation to {ines.Email} on ");
        await screen.Link("Edit").ClickAsync();
        await screen.Field("Phone (optional)").FillAsync("0412 345");
        await screen.Button("Save").ClickAsync();
        await screen.SeesErrorAsync("Phone: Enter a complete phone number.");
        await screen.SeesFocusAsync(screen.Field("Phone (optional)"));
        await screen.InspectAsync("day-reception-patient-error");
        await screen.Field("Phone (optional)").FillAsync("0412 345 678");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("The details are saved.");
        await screen.SeesAsync("0412 345 678");
        await screen.InspectAsync("day-reception-patient");

        // An invoice, and a payment: not more than is to be paid.
        await screen.Page.Locator(".tabs").GetByText("Invoices").ClickAsync();
        await screen.Link("Issue invoice").First.ClickAsync();
        await screen.Page.Locator("[name='lines[0].description']").FillAsync("Consultation");
        await screen.Page.Locator("[name='lines[0].unitPrice']").FillAsync("80");
        await Assertions.Expect(screen.Page.Locator("output")).ToHaveTextAsync("80.00 AUD");
        await screen.InspectAsync("day-reception-issue");
        await screen.Button("Issue invoice").ClickAsync();
        await screen.SeesStatusAsync("The invoice is issued.");
        await screen.InspectAsync("day-reception-patient-invoices");
        await screen.Link("Invoice 2").ClickAsync();
        await screen.Link("Record payment").ClickAsync();
        await screen.Field("Amount in AUD").FillAsync("800");
        await screen.Field("Method").SelectOptionAsync("card");
        await screen.Button("Record payment").ClickAsync();
        await screen.SeesErrorAsync("Only 80.00 AUD are still to be paid.");
        await screen.InspectAsync("day-reception-payment-error");
        await screen.Field("Amount in AUD").FillAsync("80");
        await screen.Button("Record payment").ClickAsync();
        await screen.SeesStatusAsync("The payment is recorded.");
        await Assertions.Expect(screen.Page.Locator(".facts .pill")).ToHaveTextAsync("Paid");
        await screen.InspectAsync("day-reception-invoice");
        await screen.Link("Print").ClickAsync();
        await screen.SeesAsync("Bill to");
        await screen.InspectAsync("day-reception-print");
        await screen.DownloadsAsync(screen.Link("PDF"), "%PDF-");
        await screen.Link("Back").ClickAsync();

        // Another one was issued by mistake.
        await screen.OpensAsync("Invoices");
        await screen.InspectAsync("day-reception-invoices");
        await screen.Link("1").ClickAsync();
        await screen.Link("Void").ClickAsync();
        await screen.Field("Reason").FillAsync("Issued twice");
        await screen.InspectAsync("day-reception-void");
        await screen.Button("Void invoice").ClickAsync();
        await screen.SeesStatusAsync("Invoice 1 is void.");
        await screen.InspectAsync("day-reception-invoice-void");
        await screen.EndsTheDay();

        ILocator Expected(string name) => screen.Page.Locator(".row-link", new() { HasText = name });
    }
}
