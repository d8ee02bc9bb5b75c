using System.Globalization;

namespace Practice.EndToEnd.Tests;

/// <summary>A patient's day in the portal, from the invitation on.</summary>
public sealed class PatientsDayTests
{
    [Theory, InlineData("desktop"), InlineData("phone-dark")]
    public async Task A_patient_links_a_practice_reads_requests_cancels_pays_shares_and_downloads(string device)
    {
        var site = await Site.StartedAsync();
        var clinic = await PortalClinic.New(site, "Harbour Street Clinic");
        var nora = await site.Host.SignsUp("Nora", "Lind");
        var patient = await clinic.AddsPatient("Nora", "Lind", PortalSetup.Born, nora.Email);
        await clinic.AddsRecords(patient);
        var invitation = await clinic.Invites(patient, nora.Email);
        await using var screen = await site.OpenAsync(Screens.Named(device));

        // The invitation: a mistyped date of birth is explained. From then on the portal is where she lands.
        await screen.OpensLink(invitation);
        await screen.Link("Sign in").ClickAsync();
        await screen.SignInHereAsync(nora.Email, nora.Password);
        await screen.Field("Your date of birth").FillAsync("1985-12-04");
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("The date of birth does not match the practice’s records. Check it");
        await screen.InspectAsync("portal-claim-mistyped-birthday");
        await screen.Field("Your date of birth").FillAsync(PortalSetup.Born);
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("Harbour Street Clinic is linked.");
        await nora.AddsDependant("Mia", "Lind", "2019-05-01");
        await screen.Link("Practice, start page").ClickAsync();
        await screen.DoesNotSeeAsync("Harbour Street Clinic is linked.");
        await Assertions.Expect(screen.Heading("Hello Nora")).ToBeVisibleAsync();
        await screen.InspectAsync("day-patient-home");

        // What the practice shared.
        await screen.Link("clinicalword: letter to the surgeon").ClickAsync();
        await screen.SeesAsync("Exercises twice a day");
        await screen.InspectAsync("day-patient-record");
        await screen.Link("Home").ClickAsync();

        // One appointment is requested, and another one is cancelled.
        await screen.Link("Request an appointment").First.ClickAsync();
        await screen.Field("Day").FillAsync(InDays(10));
        await screen.Button("Send request").ClickAsync();
        await screen.SeesErrorAsync("Time: Enter a time, such as 14:30.");
        await screen.Field("Time").FillAsync("14:30");
        await screen.InspectAsync("day-patient-request");
        await screen.Button("Send request").ClickAsync();
        await screen.SeesAsync("Harbour Street Clinic will confirm or decline your request.");
        await screen.InspectAsync("day-patient-requests");
        await screen.Link("Upcoming").ClickAsync();
        await Assertions.Expect(screen.Button("Cancel appointment")).ToHaveCountAsync(2);
        await screen.InspectAsync("day-patient-appointments");
        await screen.Button("Cancel appointment").First.ClickAsync();
        await screen.InspectAsync("day-patient-cancel");
        await screen
            .Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new() { Name = "Cancel appointment" })
            .ClickAsync();
        await screen.SeesAsync("Cancelled. The practice is notified.");
        await Assertions.Expect(screen.Button("Cancel appointment")).ToHaveCountAsync(1);

        // The invoice, on paper and as a file.
        await screen.Link("Home").ClickAsync();
        await screen.Link("All invoices").ClickAsync();
        await screen.Page.Locator("summary", new() { HasText = "Details" }).ClickAsync();
        await screen.SeesAsync("Consultation, long");
        await screen.InspectAsync("day-patient-invoices");
        await screen.Page.Locator(".item-card").GetByText("Print").ClickAsync();
        await screen.SeesAsync("Bill to");
        await screen.InspectAsync("day-patient-print");
        await screen.DownloadsAsync(screen.Link("PDF"), "%PDF-");
        await screen.Link("Back").ClickAsync();

        // A new number, which the practice gets too; and all of it to keep.
        await screen.Link("Account").ClickAsync();
        await screen.Link("Change details").ClickAsync();
        await screen.Field("Phone (optional)").FillAsync("0412 345 678");
        await screen.InspectAsync("day-patient-details-edit");
        await screen.Button("Save").ClickAsync();
        await screen.SeesAsync("The details are saved.");
        await screen.SeesAsync("0412 345 678");
        await screen.InspectAsync("day-patient-details");
        await screen.DownloadsAsync(screen.Link("Download"), "PK");

        // A friend gets access, and loses it.
        const string friend = "friend@practice.test";
        await screen.Link("Access").ClickAsync();
        await screen.SeesAsync("Nobody else has access");
        await screen.Link("Share with someone").ClickAsync();
        await screen.Field("Email").FillAsync(friend);
        await screen.InspectAsync("day-patient-share");
        await screen.Button("Share").ClickAsync();
        await screen.SeesAsync($"Shared with {friend}");
        await Assertions.Expect(screen.Item(friend)).ToContainTextAsync("Current");
        await screen.Link($"Edit the access of {friend}").ClickAsync();
        await screen.Radio("Status", "Disabled").CheckAsync();
        await screen.InspectAsync("day-patient-revoke");
        await screen.Button("Submit").ClickAsync();
        await screen.SeesAsync($"{friend} has no access.");
        await Assertions.Expect(screen.Item(friend)).ToContainTextAsync("Disabled");
        await screen.InspectAsync("day-patient-access");

        // Her daughter's record and back.
        await screen.SwitchesTo("Mia Lind");
        await screen.SeesAsync("You are in Mia Lind’s record, as their guardian.");
        await screen.InspectAsync("day-patient-dependant");
        await screen.SwitchesTo("Nora Lind");
        await Assertions.Expect(screen.Heading("Hello Nora")).ToBeVisibleAsync();
        await screen.DoesNotSeeAsync("You are in");
        await screen.EndsTheDay();

        static string InDays(int days) =>
            DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
