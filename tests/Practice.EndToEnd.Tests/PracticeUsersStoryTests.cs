namespace Practice.EndToEnd.Tests;

/// <summary>
/// The main story of practice users: an owner signs up, creates a practice, adds a new practitioner and a person with
/// an account, customises access, deactivates and reactivates.
/// </summary>
public sealed class PracticeUsersStoryTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task An_owner_adds_users_sets_their_access_and_deactivates_them(bool script)
    {
        var site = await Site.StartedAsync();
        var device = script ? Device.DesktopAndPhoneDark : Device.NoScript;
        var ines = await site.Host.SignsUp("Ines", "Vale", $"ines.vale@{device}.example");
        var ada = $"ada.moss@{device}.example";
        const string temporary = "temporary horse battery";
        await using var screen = await site.OpenAsync(device);

        // The owner signs up and confirms the email. The empty page explains the options.
        await screen.SignsUpAsync(site, "Olive", "Hart", $"olive.hart@{device}.example", "an owner of few words");
        await screen.SeesAsync("You run a practice");
        await screen.InspectAsync("practices-none");
        await screen.CreatesPracticeAsync("Harbour Street Clinic", "Practitioner", "Harbour Street");
        var group = await screen.GroupIdAsync();
        await screen.SeesAsync("You are the only user so far");
        await screen.InspectAsync("users-alone");

        // Settings > Users > Add user. Errors are shown at the fields, and the first gets the focus.
        await screen.Link("Add user").ClickAsync();
        await Assertions.Expect(screen.Dialog("Add user")).ToBeVisibleAsync();
        await screen.InspectAsync("users-add");
        await screen.Button("Save").ClickAsync();
        await screen.SeesErrorAsync("Profession: Choose a profession.");
        await Assertions.Expect(screen.Field("First name")).ToBeFocusedAsync();
        await screen.InspectAsync("users-add-error");

        // A new practitioner with the level Contact, without invoices.
        await screen.Field("Title (optional)").FillAsync("Dr");
        await screen.FillsAddUserAsync(
            "Ada",
            "Moss",
            "Practitioner",
            "Podiatrist",
            ada,
            temporary,
            "Contact",
            "Harbour Street"
        );
        await screen.Field("Registration Number (optional)").FillAsync("POD0001");
        await Assertions.Expect(screen.Switch("See and edit other people's invoices")).ToBeCheckedAsync();
        await screen.Switch("See and edit other people's invoices").UncheckAsync();
        await screen.InspectAsync("users-add-filled");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync(
            "Ada Moss is added and gets a welcome email. Give them the temporary password yourself"
        );
        await site.Host.Mail.WaitFor(ada, "Welcome");
        await Assertions.Expect(screen.Row("Ada Moss")).ToContainTextAsync("Contact");

        // Ada signs in with the temporary password and must change it. Then she has the chosen access.
        await using (var hers = await site.OpenAsync(device))
        {
            await hers.GoAsync("/sign-in");
            await hers.SignInHereAsync(ada, temporary);
            await Assertions.Expect(hers.Heading("Choose your own password")).ToBeVisibleAsync();
            await hers.Field("Temporary password").FillAsync(temporary);
            await hers.Field("New password").FillAsync("a password of her own");
            await hers.Button("Set my password").ClickAsync();
            await hers.WaitForUrlAsync(url => url.EndsWith($"/practice/{group}", StringComparison.Ordinal));
        }

        var adaApi = await site.Host.SignIn(ada, "a password of her own");
        var adaId = (await adaApi.Get("/api/users/me")).Should(200).Id;
        var settings = (await adaApi.Get($"/api/groups/{group}/members/{adaId}/effective-access")).Should(200)[
            "settings"
        ];
        Assert.True(settings.GetProperty("othersCalendars").GetBoolean());
        Assert.False(settings.GetProperty("othersInvoices").GetBoolean());

        // A person with an account keeps their own password: a temporary one is rejected, and without one they are
        // invited.
        await screen.Link("Add user").ClickAsync();
        await screen.FillsAddUserAsync(
            "Ines",
            "Vale",
            "Administrator",
            "Receptionist",
            ines.Email,
            temporary,
            "Reception"
        );
        await screen.Button("Save").ClickAsync();
        await screen.SeesErrorAsync("Leave both password fields blank to invite them.");
        await screen.Button("Save").ClickAsync(); // posted passwords are not shown again, so the fields are blank
        await screen.SeesStatusAsync("Ines Vale already has an account and gets an invitation");
        await Assertions.Expect(screen.Row(ines.Email)).ToContainTextAsync("Pending");
        await screen.InspectAsync("invitations");

        // Invited twice by mistake: the dialog links to the invitation, where it can be resent or withdrawn.
        await screen.Link("Add user").ClickAsync();
        await screen.FillsAddUserAsync("Ines", "Vale", "Administrator", "Receptionist", ines.Email, null, "Reception");
        await screen.Button("Save").ClickAsync();
        await screen.SeesErrorAsync("has already been invited");
        await screen.InspectAsync("users-add-invited-already");
        await screen.Link("Open the invitation").ClickAsync();
        await Assertions.Expect(screen.Dialog("Invitation")).ToBeVisibleAsync();
        await screen.Radio("Billing").CheckAsync();
        await screen.InspectAsync("invitation-edit");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("is saved");

        // She accepts in her notifications and becomes a user.
        await using (var hers = await site.OpenAsync(device))
        {
            await hers.SignInAsync(ines, "/notifications");
            await hers
                .Page.Locator(".rows > li", new() { HasText = "Harbour Street Clinic" })
                .GetByRole(AriaRole.Button, new() { Name = "Accept" })
                .First.ClickAsync();
            await hers.SeesAsync("Welcome! You are now a member of this practice.");
        }

        await screen.GoAsync($"/practice/{group}/settings/users");
        await Assertions.Expect(screen.Row(ines.Email)).ToContainTextAsync("Billing");
        await screen.InspectAsync("users");

        // Access is customised: first the preview, then the change.
        await screen.Link("Dr Ada Moss").ClickAsync();
        await Assertions.Expect(screen.Heading("Dr Ada Moss")).ToBeVisibleAsync();
        await screen.InspectAsync("user");
        await screen.Link("Edit access").ClickAsync();
        await Assertions.Expect(screen.Heading("Access of Ada Moss")).ToBeVisibleAsync();
        await screen.InspectAsync("user-access");
        await screen.Radio("Clinical").CheckAsync();
        await screen.Switch("Read only").CheckAsync();
        await screen.Button("Show what Ada will see").ClickAsync();
        await Assertions
            .Expect(
                screen
                    .Page.Locator(".preview li")
                    .Filter(new() { HasText = "See other people's clinical records" })
                    .First
            )
            .ToContainTextAsync("New");
        await screen.InspectAsync("user-access-preview");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("The access of Ada Moss is saved");
        Assert.True(
            (await adaApi.Get($"/api/groups/{group}/members/{adaId}/effective-access"))
                .Should(200)["settings"]
                .GetProperty("readOnly")
                .GetBoolean()
        );

        // Deactivated and reactivated with the previous access.
        await screen.Link("Deactivate").ClickAsync();
        await screen.Field("Reason (optional)").FillAsync("On leave");
        await screen.InspectAsync("user-deactivate");
        await screen.Button("Deactivate").ClickAsync();
        await screen.SeesStatusAsync("Ada Moss is deactivated");
        (await adaApi.Get($"/api/groups/{group}/members")).Should(404);
        await screen.InspectAsync("user-deactivated");
        await screen.Button("Reactivate").First.ClickAsync();
        await screen
            .Dialog("Reactivate Dr Ada Moss?")
            .GetByRole(AriaRole.Button, new() { Name = "Reactivate" })
            .ClickAsync();
        await screen.SeesStatusAsync("is active again, with their previous access");
        (await adaApi.Get($"/api/groups/{group}/members")).Should(200);

        // All changes are in the audit.
        await screen.GoAsync($"/practice/{group}/audit");
        foreach (
            var sentence in new[]
            {
                "created the practice",
                "added Ada Moss",
                "changed the access of Ada Moss",
                "deactivated Ada Moss",
                "reactivated Ada Moss",
            }
        )
            await screen.SeesAsync(sentence);
        await screen.InspectAsync("audit");
    }
}
