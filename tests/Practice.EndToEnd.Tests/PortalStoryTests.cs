namespace Practice.EndToEnd.Tests;

/// <summary>The main stories of the patient portal, in a browser.</summary>
public sealed class PortalStoryTests
{
    [Fact]
    public async Task A_spouse_gets_access_to_appointments_and_invoices_and_loses_it_at_once_when_it_is_revoked()
    {
        var site = await Site.StartedAsync();
        var clinic = await PortalClinic.New(site, "Seaside Physio");
        var (anna, account) = await clinic.Patient("Anna", "Weber");
        var ben = new Person(
            site.Host,
            default,
            People.NewEmail(),
            People.NewPassword(),
            "Ben",
            "Weber-Constantinopolous",
            site.Host.Api
        );
        await using var bens = await site.OpenAsync(Device.DesktopDarkAndPhone);
        await using var annas = await site.OpenAsync(Device.DesktopAndPhoneDark);

        // Ben signs up, opens a portal account, and requests access to Anna's.
        await bens.SignsUpAsync(site, ben.FirstName, ben.LastName, ben.Email, ben.Password);
        await bens.GoAsync("/portal");
        await bens.InspectAsync("portal-start");
        await bens.Button("Open my account").ClickAsync();
        await Assertions.Expect(bens.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await bens.Field("Date of birth").FillAsync("1984-03-02");
        await bens.Button("Open my account").ClickAsync();
        await bens.SeesAsync("Your portal account is open.");
        await bens.InspectAsync("portal-home-empty");
        await bens.Link("Account").ClickAsync();
        await bens.Link("Access").ClickAsync();
        await bens.Link("Request access").ClickAsync();
        await bens.Field("Their email").FillAsync(ben.Email);
        await bens.Radio("Role", "View").CheckAsync();
        await bens.Button("Request access").ClickAsync();
        // His own email.
        await Assertions.Expect(bens.Field("Their email")).ToHaveAttributeAsync("aria-invalid", "true");
        await bens.InspectAsync("portal-request-error");
        await bens.Field("Their email").FillAsync(anna.Email);
        await bens.Button("Request access").ClickAsync();
        await bens.SeesAsync($"If {anna.Email} has a portal account");
        await Assertions.Expect(bens.Item(anna.Email)).ToContainTextAsync("Pending");
        await bens.DoesNotContain(account.ToString());
        await bens.InspectAsync("portal-access-asked");

        // Anna gets an email with the name and the role. It leads to People Accessing You, where Ben is pending.
        var mail = await site.Host.Mail.WaitFor(anna.Email, mail =>
            mail.Text.Contains(ben.Email, StringComparison.Ordinal)
        );
        Assert.Contains("view", mail.Text, StringComparison.OrdinalIgnoreCase);
        await annas.SignInAsync(anna);
        await annas.OpensLink(mail);
        await Assertions
            .Expect(annas.Page)
            .ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"/portal/{account}/access$"));
        await Assertions
            .Expect(annas.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Notifications, \\d+ unread") }))
            .ToBeVisibleAsync();
        await annas.SeesAsync("People Accessing You");
        await Assertions.Expect(annas.Item(ben.Email)).ToContainTextAsync("Pending");
        await annas.InspectAsync("portal-access-pending");

        // The pencil opens the dialog: Status Current, Role View, Access Level Administrative, Submit.
        await annas.Link($"Edit the access of {ben.Name()}").ClickAsync();
        await annas.SeesAsync("Do not grant access to people you do not trust");
        await annas.SeesAsync("Access all appointments and invoices only. No access to clinical records.");
        await annas.InspectAsync("portal-decide");
        await annas.Button("Submit").ClickAsync();
        await annas.SeesAsync("Set the status to Current to grant access, or to Disabled to deny it.");
        await annas.Radio("Status", "Current").CheckAsync();
        await annas.Radio("Role", "View").CheckAsync();
        await annas.Radio("Access Level", "Administrative").CheckAsync();
        await annas.Button("Submit").ClickAsync();
        await annas.SeesAsync("has access: View, Administrative.");
        await Assertions.Expect(annas.Item(ben.Email)).ToContainTextAsync("Current");
        await annas.InspectAsync("portal-access-current");

        // Ben switches to her account. He sees appointments and invoices, no clinical records, and no actions.
        await bens.Link("Home").ClickAsync();
        await bens.SeesAsync("Hello Ben");
        await bens.SwitchesTo("Anna Weber");
        await bens.SeesAsync("You are in Anna Weber’s record");
        await bens.SeesAsync("Seaside Physio");
        await bens.SeesAsync("120.15 AUD");
        await bens.SeesAsync("Perth time");
        await bens.DoesNotSeeAsync("Request an appointment");
        await Assertions.Expect(bens.Button("Cancel appointment")).ToHaveCountAsync(0);
        await bens.DoesNotContain("clinicalword");
        await bens.InspectAsync("portal-home-administrative");
        foreach (var page in new[] { "appointments?show=all", "invoices", "details", "records", "health-notes?add" })
        {
            await bens.GoAsync($"/portal/{account}/{page}");
            await bens.DoesNotContain("clinicalword");
        }

        await bens.GoAsync($"/portal/{account}/records");
        await bens.SeesAsync("Clinical records are not part of your access");
        await bens.InspectAsync("portal-not-clinical");
        await bens.GoAsync($"/portal/{account}/access");
        await bens.SeesAsync("Only Anna Weber decides who has access");

        // Anna reads the access log and revokes the access. It ends with Ben's next click.
        await annas.Link("Access log").ClickAsync();
        await Assertions.Expect(annas.Item(ben.Name())).ToContainTextAsync("invoices");
        await Assertions.Expect(annas.Item(ben.Name())).ToContainTextAsync("through access that was granted");
        await annas.InspectAsync("portal-access-log");
        await annas.Item(ben.Name()).GetByRole(AriaRole.Link, new() { Name = "access that was granted" }).ClickAsync();
        await annas.Radio("Status", "Disabled").CheckAsync();
        await annas.Button("Submit").ClickAsync();
        await annas.SeesAsync("has no access.");
        await bens.GoAsync($"/portal/{account}");
        await bens.SeesAsync("Your access to this account has ended.");
        await bens.InspectAsync("portal-revoked");
        await bens.Link("Go to the start page").ClickAsync();
        await bens.SeesAsync("Hello Ben");
    }

    [Fact]
    public async Task Parents_manage_the_account_of_their_child()
    {
        var site = await Site.StartedAsync();
        var clinic = await PortalClinic.New(site, "Kids Clinic");
        var (mother, father) = (await site.Host.SignsUp("Maria", "Little"), await site.Host.SignsUp("Tom", "Little"));
        await mother.OpensPortal();
        await using var screen = await site.OpenAsync(Device.PhoneDark);

        // The mother creates an empty account for Mia.
        await screen.SignInAsync(mother, "/portal");
        await screen.Page.Locator(".switcher > summary").ClickAsync();
        await screen.Link("Add a dependant").ClickAsync();
        await screen.Field("First name").FillAsync("Mia");
        await screen.Field("Last name").FillAsync("Little");
        await screen.Button("Add dependant").ClickAsync();
        await Assertions.Expect(screen.Field("First name")).ToHaveValueAsync("Mia");
        await screen.InspectAsync("portal-dependant-error");
        await screen.Field("Date of birth").FillAsync("2019-05-01");
        await screen.Page.GetByLabel("You are their").SelectOptionAsync("Parent");
        await screen.Button("Add dependant").ClickAsync();
        await screen.SeesAsync("You are in Mia Little’s record, as their guardian.");
        await screen.SeesAsync("No practice is linked yet");
        await screen.InspectAsync("portal-home-dependant-empty");

        // The practice invites her as the guardian; she claims the invitation for Mia.
        var patient = await clinic.AddsPatient("Mia", "Little", "2019-05-01");
        await clinic.AddsRecords(patient);
        await screen.OpensLink(await clinic.Invites(patient, mother.Email, guardian: true));
        await screen.SeesAsync("Kids Clinic");
        await screen.SeesAsync("Mia Little’s account");
        await screen.InspectAsync("portal-claim-guardian");
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("Kids Clinic is linked.");
        await screen.SeesAsync("clinicalword: letter to the surgeon");
        await screen.InspectAsync("portal-home-dependant");

        // She requests an appointment, the practice confirms it, and she cancels it. The practice sees who cancelled
        // for whom.
        await screen.Link("Request an appointment").First.ClickAsync();
        await screen.Button("Send request").ClickAsync();
        await Assertions.Expect(screen.Field("Day")).ToHaveAttributeAsync("aria-invalid", "true");
        await screen
            .Field("Day")
            .FillAsync(
                DateTime.UtcNow.AddDays(10).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
            );
        await screen.Field("Time").FillAsync("14:30");
        await screen.Page.GetByLabel("Reason").FillAsync("Check-up");
        await screen.InspectAsync("portal-request-appointment");
        await screen.Button("Send request").ClickAsync();
        await screen.SeesAsync("Kids Clinic will confirm or decline your request.");
        await screen.SeesAsync("Waiting for the practice");
        Assert.Equal("Maria Little for Mia Little", await clinic.LastRequestOf("appointment"));
        await clinic.Confirms();
        await screen.Link("Upcoming").ClickAsync();
        var booked = screen.Item("Check-up");
        await Assertions.Expect(booked).ToContainTextAsync("2:30 pm");
        await booked.GetByRole(AriaRole.Button, new() { Name = "Cancel appointment" }).ClickAsync();
        await screen.SeesAsync("Cancel this appointment?");
        await screen.InspectAsync("portal-cancel-asks");
        await screen
            .Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new() { Name = "Cancel appointment" })
            .ClickAsync();
        await screen.SeesAsync("Cancelled. The practice is notified.");
        await screen.DoesNotSeeAsync("Check-up");
        Assert.Equal("Maria Little for Mia Little", await clinic.LastRequestOf("cancellation"));

        // She asks the father, who has no portal account yet. He accepts, sees Mia, and both are her guardians.
        await screen.Link("Account").ClickAsync();
        await screen.Link("Ask another guardian").ClickAsync();
        await screen.Field("Email").FillAsync(father.Email);
        await screen.Page.GetByLabel("Relationship").SelectOptionAsync("Parent");
        await screen.InspectAsync("portal-guardian-add");
        await screen.Button("Ask").ClickAsync();
        await screen.SeesAsync("They become a guardian when they accept.");
        await Eventually.Is(async () => (await father.Api.Get("/api/portal/guardianships")).Items.Count == 1);
        await using var fathers = await site.OpenAsync(Device.DesktopDark);
        await fathers.SignInAsync(father, "/notifications");
        await fathers.InspectAsync("portal-guardian-asked");
        await fathers.Button("Accept: Maria Little asks you to be a guardian of Mia Little").ClickAsync();
        await fathers.SeesAsync("You are in Mia Little’s record, as their guardian.");
        await fathers.Link("Account").ClickAsync();
        await Assertions.Expect(fathers.Item("Maria Little")).ToContainTextAsync("1 May 2037");
        await Assertions.Expect(fathers.Item("Tom Little (you)")).ToContainTextAsync("1 May 2033");
        await fathers.InspectAsync("portal-details-dependant");
    }

    [Fact]
    public async Task Only_the_invited_person_claims_an_invitation_even_without_an_account_at_first()
    {
        var site = await Site.StartedAsync();
        var clinic = await PortalClinic.New(site, "Harbour Street Clinic");
        var email = $"new.{Guid.NewGuid():n}@practice.test";
        var patient = await clinic.AddsPatient("Nora", "New", PortalSetup.Born, email);
        await clinic.AddsRecords(patient);
        var mail = await clinic.Invites(patient, email);

        // Another person opens the link. The page names neither the practice nor the patient.
        var stranger = await site.Host.SignsUp("Sten", "Stranger");
        await using var strangers = await site.OpenAsync(Device.Phone);
        await strangers.SignInAsync(stranger);
        await strangers.OpensLink(mail);
        await strangers.SeesAsync(
            $"This invitation was sent to another email. You are signed in with {stranger.Email}."
        );
        await strangers.DoesNotContain("Harbour");
        await strangers.InspectAsync("portal-claim-error");

        // The invited person opens it, signs up, and returns to it after the sign-in.
        await using var screen = await site.OpenAsync(Device.DesktopDark);
        await screen.OpensLink(mail);
        await screen.SeesAsync("A practice has invited you");
        await screen.InspectAsync("portal-claim-signed-out");
        var person = await site.Host.SignsUp("Nora", "New", email);
        await screen.SignInAsync(person);
        await screen.SeesAsync("Harbour Street Clinic");
        await screen.InspectAsync("portal-claim");
        await screen.Field("Your date of birth").FillAsync(PortalSetup.Born);
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("Harbour Street Clinic is linked.");
        await screen.SeesAsync("Hello Nora");
        await screen.OpensLink(mail);
        await screen.SeesAsync("This invitation was already used");
        await screen.InspectAsync("portal-claim-used");
    }

    [Fact]
    public async Task A_parent_of_twins_is_asked_before_a_sisters_records_show_in_the_brothers_account()
    {
        const string born = "2016-03-05";
        var site = await Site.StartedAsync();
        var clinic = await PortalClinic.New(site, "Twin Clinic");
        var parent = await site.Host.SignsUp("Maria", "Moss");
        await parent.OpensPortal();
        await parent.AddsDependant("Tom", "Moss", born);
        await parent.AddsDependant("Tia", "Moss", born);
        var patient = await clinic.AddsPatient("Tia", "Moss", born);
        await clinic.AddsRecords(patient);
        await using var screen = await site.OpenAsync(Device.PhoneDark);
        await screen.SignInAsync(parent);
        await screen.OpensLink(await clinic.Invites(patient, parent.Email, guardian: true));
        await screen.SeesAsync("Whose account is for Tia?");
        Assert.Equal(0, await screen.Page.GetByRole(AriaRole.Radio, new() { Checked = true }).CountAsync());

        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("Choose whose account it is.");
        await screen.Page.GetByText("Tom Moss", new() { Exact = true }).Last.ClickAsync();
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("Tia’s records would show in Tom’s account.");
        await screen.InspectAsync("portal-claim-twins");
        await screen.Page.GetByText("Tia Moss", new() { Exact = true }).Last.ClickAsync();
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("Twin Clinic is linked.");

        // The practice sees whose account it is, and can end the link.
        await using var staff = await site.OpenAsOwnerAsync(
            Device.Phone,
            $"/practice/{clinic.Group.Id}/patients/{patient}/details"
        );
        await staff.SeesAsync("Tia Moss’s portal account, which guardians run.");
        await staff.Link("Unlink").ClickAsync();
        await staff.Page.GetByLabel("Reason").FillAsync("Claimed for the wrong child");
        await staff.InspectAsync("patient-unlink");
        await staff.Dialog("Unlink Tia Moss").GetByRole(AriaRole.Button, new() { Name = "Unlink" }).ClickAsync();
        await staff.SeesStatusAsync("The patient is unlinked from the portal account.");
    }

    [Fact]
    public async Task A_different_date_of_birth_is_explained_with_the_next_step()
    {
        var site = await Site.StartedAsync();
        var clinic = await PortalClinic.New(site, "Hill Practice");
        var person = await site.Host.SignsUp("Dora", "Day");
        var account = await person.OpensPortal("1990-01-01");
        var mail = await clinic.Invites(
            await clinic.AddsPatient("Dora", "Day", PortalSetup.Born, person.Email),
            person.Email
        );
        await using var screen = await site.OpenAsync(Device.NoScript);
        await screen.SignInAsync(person);
        await screen.OpensLink(mail);
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("ask the practice to correct the date");
        await screen.InspectAsync("portal-claim-other-birthday");
        await screen.GoAsync($"/portal/{account}/details?edit");
        await screen.Field("Date of birth").FillAsync(PortalSetup.Born);
        await screen.Button("Save").ClickAsync();
        await screen.SeesAsync("12 Apr 1985");
        await screen.OpensLink(mail);
        await screen.Button("Accept invitation").ClickAsync();
        await screen.SeesAsync("Hill Practice is linked.");
        await screen.GoAsync("/");
        await screen.SeesAsync("Hello Dora"); // the invitation is offered once
    }
}
