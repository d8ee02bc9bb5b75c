namespace Practice.EndToEnd.Tests;

/// <summary>An owner's day: people, settings, figures, and who did what.</summary>
public sealed class OwnersDayTests
{
    [Theory, InlineData("desktop"), InlineData("phone-dark")]
    public async Task An_owner_adds_people_sets_the_practice_up_reads_the_figures_and_deactivates_somebody(
        string device
    )
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignsUp("Olive", "Hart");
        var group = await owner.CreatesGroup("Harbour Street Clinic");
        (
            await owner.Api.Post($"{group.Path}/locations", new { name = "Mill Lane", timeZone = "Australia/Perth" })
        ).Should(201);
        var paul = await group.AddsPractitioner("Paul Away");
        var patient = await group.AddsPatient("Ines", "Vale");
        await group.Books(patient, paul, DateTimeOffset.UtcNow.AddDays(1), "Knee");
        var invoice = await group.IssuesInvoice(patient, paul);
        (
            await owner.Api.Post(
                $"{group.Path}/invoices/{invoice}/payments",
                new
                {
                    amount = "50",
                    method = "card",
                    paidOn = WorkingDay.Today,
                }
            )
        ).Should(201);

        // Today: what waits for an answer, and what is unpaid.
        await using var screen = await site.BeginsTheDay(device, owner, "Unpaid invoices");
        await screen.SeesAsync("1 invoice, 69.50 AUD");
        await screen.SeesAsync("No appointments today");
        await screen.InspectAsync("day-owner-today");

        // A receptionist, first with a mistyped email; and a practitioner, who gets more access and a second location.
        await screen.OpensAsync("Users");
        await screen.Link("Add user").ClickAsync();
        await screen.FillsAddUserAsync(
            "Rita",
            "Lane",
            "Administrator",
            "Receptionist",
            People.NewEmail(),
            null,
            "Reception",
            "Main street"
        );
        await screen.Field("Confirm Email").FillAsync("rita@practice.test");
        await screen.Button("Save").ClickAsync();
        await screen.SeesErrorAsync("Confirm Email: The two email addresses do not match.");
        await screen.SeesFocusAsync(screen.Field("Confirm Email"));
        await screen.InspectAsync("day-owner-add-error");
        await screen.Field("Confirm Email").FillAsync(await screen.Field("Email").InputValueAsync());
        await GiveTemporaryPasswordAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Rita Lane is added");
        await screen.Link("Add user").ClickAsync();
        await screen.FillsAddUserAsync(
            "Pia",
            "Stone",
            "Practitioner",
            "Podiatrist",
            People.NewEmail(),
            "temporary horse battery",
            "Contact",
            "Main street"
        );
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Pia Stone is added");
        await screen.InspectAsync("day-owner-users");
        await screen.Link("Pia Stone").ClickAsync();
        await screen.Link("Edit access").ClickAsync();
        await screen.Radio("Clinical").CheckAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("The access of Pia Stone is saved");
        await screen.Link("Edit locations").ClickAsync();
        await screen.Field("Mill Lane").CheckAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Saved.");
        await Assertions.Expect(screen.Page.Locator("main")).ToContainTextAsync("Like Contact, plus");
        await Assertions.Expect(screen.Page.Locator("main")).ToContainTextAsync("Mill Lane");
        await screen.InspectAsync("day-owner-user");

        // Reminders two days ahead, by text message too, and credit for them.
        await screen.OpensAsync("Practice");
        await screen.Field("Hours before the appointment").FillAsync("48");
        await screen.Page.GetByRole(AriaRole.Switch, new() { Name = "Remind by text message, too" }).CheckAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Saved.");
        await screen.SeesAsync("The message credit is used up. No text messages are sent; emails go on.");
        await screen.InspectAsync("day-owner-settings");
        await screen.Link("Message credit: 0 left").ClickAsync();
        await screen.Field("Text messages").FillAsync("0");
        await screen.Button("Add credit").ClickAsync();
        await screen.SeesErrorAsync("Text messages: Enter 1 to 100000 text messages.");
        await screen.Field("Text messages").FillAsync("50");
        await screen.Button("Add credit").ClickAsync();
        await screen.SeesStatusAsync("The credit is added.");
        await screen.SeesAsync("50 text messages left.");
        await screen.InspectAsync("day-owner-credit");

        // The figures, on screen and as a file.
        await screen.OpensAsync("Reports");
        await screen.SeesAsync("An invoice counts on the day it was issued.");
        await screen.InspectAsync("day-owner-report");
        await screen.Field("By").SelectOptionAsync("practitioner");
        await Assertions
            .Expect(screen.Page.Locator("figure svg"))
            .ToHaveAttributeAsync("aria-label", "Paul Away: 50.00 paid, 69.50 to be paid, 0.00 void, AUD");
        var rows = (await screen.DownloadsAsync(screen.Link("Download as CSV"), "Practitioner,")).Split("\r\n");
        Assert.Equal("Practitioner,Currency,Invoices,Issued,Paid,To be paid,Void", rows[0]);
        Assert.Equal("Paul Away,AUD,1,119.50,50.00,69.50,0.00", rows[1]);

        // Who did what, in sentences.
        await screen.OpensAsync("Audit");
        await screen.SeesAsync("Olive Hart added Rita Lane");
        await screen.SeesAsync("Olive Hart changed the access of Pia Stone");
        await screen.SeesAsync("Contact → Clinical");
        await screen.SeesAsync("Olive Hart opened the report of invoices");
        await screen.InspectAsync("day-owner-audit");

        // An export: nothing is chosen at first.
        await screen.OpensAsync("Export");
        await screen.Button("Ask for the export").ClickAsync();
        await screen.SeesErrorAsync("Choose at least one kind.");
        await screen.InspectAsync("day-owner-export");
        await screen.Field("Patients").CheckAsync();
        await screen.Field("Invoices").CheckAsync();
        await screen.Button("Ask for the export").ClickAsync();
        await screen.SeesStatusAsync("The export is ready. Download it here.");
        await screen.InspectAsync("day-owner-export-ready");
        await screen.DownloadsAsync(screen.Link("Download"), "PK");

        // Paul leaves, and the owner sees what is still booked with him.
        await screen.OpensAsync("Users");
        await screen.Link("Paul Away").ClickAsync();
        await screen.Link("Deactivate").ClickAsync();
        await screen.SeesAsync("1 appointment is still booked with Paul");
        await screen.Field("Reason (optional)").FillAsync("On leave");
        await screen.InspectAsync("day-owner-deactivate");
        await screen.Button("Deactivate").ClickAsync();
        await screen.SeesStatusAsync("Paul Away is deactivated");
        await screen.InspectAsync("day-owner-deactivated");
        await screen.EndsTheDay();

        async Task GiveTemporaryPasswordAsync()
        {
            await screen.Field("Password (optional)").FillAsync("temporary horse battery");
            await screen.Field("Confirm Password (optional)").FillAsync("temporary horse battery");
        }
    }
}
