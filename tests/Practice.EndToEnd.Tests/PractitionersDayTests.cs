namespace Practice.EndToEnd.Tests;

/// <summary>A practitioner's day: their own calendar, a patient, the clinical record.</summary>
public sealed class PractitionersDayTests
{
    [Theory, InlineData("desktop"), InlineData("phone-dark")]
    public async Task A_practitioner_sees_a_patient_documents_shares_and_completes_the_appointment(string device)
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync("Harbour Street Clinic");
        await group.OpensFromEightToFive();
        var practitioner = await site.Host.SignUpAndConfirm(); // who has not confirmed their email gets no address
        await group.Welcomes(practitioner, "personal", "practitioner", null, group.LocationId);
        var colleague = await group.AddsPractitioner("Paula Reed");
        var ines = await group.AddsPatient("Ines", "Vale");
        var now = DateTimeOffset.UtcNow;
        await group.Books(ines, practitioner.Id, now, "Knee");
        await group.Books(await group.AddsPatient("Otto", "Other"), colleague, now, "Shoulder");

        // Today and the calendar: their own appointments only.
        await using var screen = await site.BeginsTheDay(device, practitioner, "Your appointments today");
        await screen.SeesAsync("Ines Vale");
        await screen.DoesNotContain("Otto Other");
        await screen.InspectAsync("day-practitioner-today");
        await screen.OpensAsync("Calendar");
        await screen.SeesAsync("You only see your own appointments.");
        await Assertions.Expect(screen.Page.Locator(".visit")).ToHaveCountAsync(1);
        await screen.InspectAsync("day-practitioner-calendar");
        await Visit().ClickAsync();
        await screen.Link("Open the patient’s page").ClickAsync();
        await Assertions.Expect(screen.Link("All patients")).ToBeVisibleAsync();
        await screen.InspectAsync("day-practitioner-patient");

        // The record, first without its text.
        await screen.Link("Clinical records").ClickAsync();
        await screen.Link("Add record").ClickAsync();
        await screen.Field("Kind").SelectOptionAsync("document");
        await screen.Field("Title").FillAsync("Scan of the left knee");
        await screen.Button("Save record").ClickAsync();
        await screen.SeesErrorAsync("Text: This field is required.");
        await Assertions.Expect(screen.Field("Text")).ToBeFocusedAsync();
        await screen.InspectAsync("day-practitioner-record-error");
        await screen.Field("Text").FillAsync("No fracture.\n\nExercises twice a day.");
        await screen.Button("Save record").ClickAsync();
        await screen.SeesStatusAsync("The record is saved.");
        await screen.InspectAsync("day-practitioner-records");
        await screen.Link("Scan of the left knee").ClickAsync();

        // A file that is not what its name says; then the scan.
        await AddFileAsync("scan.pdf", [0x4D, 0x5A, 0x90, 0x00, 0xFF, 0xFE]);
        await screen.SeesErrorAsync("File: This is no PDF, JPEG or PNG file, and no text in UTF-8.");
        await screen.InspectAsync("day-practitioner-file-error");
        await AddFileAsync("scan.pdf", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"u8.ToArray());
        await screen.SeesStatusAsync("The file is added.");

        // Amended, and shared with the patient.
        await screen.Field("Text").FillAsync("Seen again: the swelling is gone.");
        await screen.Button("Add amendment").ClickAsync();
        await screen.SeesStatusAsync("The amendment is added.");
        await screen.Button("Share with the patient").ClickAsync();
        await screen.SeesStatusAsync("The record is shared with the patient.");
        await screen.SeesAsync("Seen again: the swelling is gone.");
        await Assertions.Expect(screen.Button("Stop sharing")).ToBeVisibleAsync();
        await screen.InspectAsync("day-practitioner-record");

        // The patient leaves.
        await screen.OpensAsync("Calendar");
        await Visit().ClickAsync();
        await screen.Button("Completed").ClickAsync();
        await screen.SeesStatusAsync("The appointment is completed.");
        await Assertions.Expect(screen.Page.Locator(".visit .pill")).ToHaveTextAsync("Completed");

        // The appointments in the calendar of their phone.
        await screen.Link("See the appointments in your calendar program").ClickAsync();
        await Assertions.Expect(screen.Heading("You have no address yet")).ToBeVisibleAsync();
        await screen.InspectAsync("day-practitioner-feed");
        await screen.Button("Make an address").ClickAsync();
        await Assertions.Expect(screen.Heading("Your address")).ToBeVisibleAsync();
        await screen.InspectAsync("day-practitioner-feed-address");
        var address = new Uri(await screen.Page.Locator("#address").InnerTextAsync());
        using (var program = new HttpClient { BaseAddress = site.Host.Url })
            Assert.Contains("Ines Vale", await program.GetStringAsync(address.PathAndQuery), StringComparison.Ordinal);
        await screen.EndsTheDay();

        ILocator Visit() => screen.Page.Locator(".visit a", new() { HasText = "Ines Vale" });

        async Task AddFileAsync(string name, byte[] content)
        {
            var file = new FilePayload
            {
                Name = name,
                MimeType = "application/pdf",
                Buffer = content,
            };
            await screen.Field("File").SetInputFilesAsync(file);
            await screen.Button("Add file").ClickAsync();
        }
    }
}
