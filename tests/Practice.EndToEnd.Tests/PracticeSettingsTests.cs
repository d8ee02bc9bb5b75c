using System.Globalization;
using System.Text;

namespace Practice.EndToEnd.Tests;

public sealed class PracticeSettingsTests
{
    [Fact]
    public async Task A_location_is_added_with_its_hours_staffed_archived_and_restored()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var member = await group.AddsMember();
        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopDarkAndPhone,
            $"/practice/{group.Id}/settings/locations"
        );
        await screen.InspectAsync("locations");

        // Errors of opening hours are shown at the field.
        await screen.Link("Add location").ClickAsync();
        await screen.Field("Name").FillAsync("Station Road");
        await screen.Field("Address (optional)").FillAsync("12 Station Road, Perth");
        await screen.Field("Time zone").FillAsync("Australia/Perth");
        await screen.Field("Monday from").FillAsync("17:00");
        await screen.Field("Monday to").FillAsync("08:30");
        await screen.InspectAsync("location-add");
        await screen.Button("Save").ClickAsync();
        await Assertions.Expect(screen.Field("Monday to")).ToHaveAttributeAsync("aria-invalid", "true");
        await screen.InspectAsync("location-add-error");
        await screen.Field("Monday from").FillAsync("08:30");
        await screen.Field("Monday to").FillAsync("12:00");
        await screen.Field("Monday from, after the break").FillAsync("13:00");
        await screen.Field("Monday to, after the break").FillAsync("00:00");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Station Road is added");
        await Assertions.Expect(screen.Row("Station Road")).ToContainTextAsync("8:30 am – 12 pm, 1 pm – midnight");

        // Users are also assigned on the location's page.
        await screen.Link("Users of Station Road").ClickAsync();
        await screen.Field($"{member.FirstName} {member.LastName}").CheckAsync();
        await screen.InspectAsync("location-users");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("The users of Station Road are saved");
        Assert.Single((await group.MemberOf(member))["locationIds"].EnumerateArray());

        await screen.Row("Station Road").GetByRole(AriaRole.Link, new() { Name = "Archive" }).ClickAsync();
        await screen.InspectAsync("location-archive");
        await screen
            .Dialog("Archive Station Road?")
            .GetByRole(AriaRole.Button, new() { Name = "Archive" })
            .ClickAsync();
        await screen.SeesStatusAsync("Station Road is archived");
        await screen.Button("Restore Station Road").ClickAsync();
        await screen.SeesStatusAsync("Station Road is restored");

        // The last open location cannot be archived.
        await screen.Row("Station Road").GetByRole(AriaRole.Link, new() { Name = "Archive" }).ClickAsync();
        await screen
            .Dialog("Archive Station Road?")
            .GetByRole(AriaRole.Button, new() { Name = "Archive" })
            .ClickAsync();
        await screen.SeesStatusAsync("Station Road is archived");
        await screen.Row("Main street").GetByRole(AriaRole.Link, new() { Name = "Archive" }).ClickAsync();
        await screen.Dialog("Archive Main street?").GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await screen.SeesErrorAsync("last");
        await screen.InspectAsync("locations-last");
    }

    [Fact]
    public async Task A_double_click_posts_a_form_once()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        await using var screen = await site.OpenAsOwnerAsync(
            Device.Desktop,
            $"/practice/{group.Id}/settings/locations?add"
        );
        await screen.Field("Name").FillAsync("Station Road");
        await screen.Field("Time zone").FillAsync("Australia/Perth");
        var sent = 0;
        screen.Page.Request += (_, request) => sent += request.Method == "POST" ? 1 : 0;
        await screen.Button("Save").DblClickAsync();
        await screen.SeesStatusAsync("Station Road is added");
        Assert.Equal(1, sent);
        Assert.Equal(2, (await group.Owner.Api.Get($"{group.Path}/locations")).Should(200).Items.Count);
    }

    [Fact]
    public async Task An_owner_changes_the_practice_settings_and_requires_two_factor_authentication()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopAndPhoneDark,
            $"/practice/{group.Id}/settings/practice"
        );
        await screen.InspectAsync("practice-settings");

        await screen.Field("Hours before the appointment").FillAsync("200");
        await screen.Field("Currency").FillAsync("XXZ");
        await screen.Button("Save").ClickAsync();
        await Assertions.Expect(screen.Field("Hours before the appointment")).ToBeFocusedAsync();
        await Assertions.Expect(screen.Field("Currency")).ToHaveAttributeAsync("aria-invalid", "true");

        await screen.Field("Hours before the appointment").FillAsync("48");
        await screen.Field("Currency").FillAsync("nzd");
        await screen.Field("Name of the practice").FillAsync("Harbour Street Physiotherapy");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Saved.");
        var stored = (await group.Owner.Api.Get(group.Path)).Should(200);
        Assert.Equal("Harbour Street Physiotherapy", stored["name"].GetString());
        Assert.Equal("NZD", stored["invoices"].GetProperty("currency").GetString());
        Assert.Equal(48, stored["reminders"].GetProperty("hoursBefore").GetInt32());

        // Owners cannot lock themselves out: they need two-factor authentication first.
        await screen
            .Page.GetByRole(AriaRole.Switch, new() { Name = "Require two-factor authentication for all users" })
            .CheckAsync();
        await screen.Button("Save").ClickAsync();
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.False((await group.Owner.Api.Get(group.Path)).Should(200)["requireTwoFactor"].GetBoolean());
    }

    [Fact]
    public async Task A_user_without_management_access_sees_no_management_actions()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var reception = await group.AddsNewPerson();
        await using var screen = await site.OpenAsync(Device.Phone);
        await screen.SignInAsync(reception, group.Users());
        await screen.SeesAsync(group.Owner.Email);
        await Assertions.Expect(screen.Link("Add user")).ToHaveCountAsync(0);
        await Assertions.Expect(screen.Link("Invitations")).ToHaveCountAsync(0);
        await screen.GoAsync($"{group.Users()}/{group.Owner.Id}");
        await Assertions.Expect(screen.Link("Edit access")).ToHaveCountAsync(0);
        await Assertions.Expect(screen.Link("Deactivate")).ToHaveCountAsync(0);
        await screen.InspectAsync("user-looked-at-by-reception");
        foreach (var page in new[] { $"{group.Users()}/invitations", $"/practice/{group.Id}/audit" })
        {
            await screen.GoAsync(page);
            await Assertions.Expect(screen.Heading("Access denied")).ToBeVisibleAsync();
        }

        await screen.GoAsync($"/practice/{group.Id}/settings/practice");
        await screen.SeesAsync("Only an owner can change these settings.");
        await screen.GoAsync($"{group.Users()}/import");
        await screen.SeesAsync("You can’t add users");

        // Another practice is not found.
        var foreign = await (await site.Host.SignUpAndConfirm()).CreatesGroup();
        await screen.GoAsync(foreign.Users());
        await Assertions.Expect(screen.Heading("Page not found")).ToBeVisibleAsync();

        // Every user can leave.
        await screen.GoAsync($"{group.Users()}/{reception.Id}");
        await screen.Button("Leave this practice").First.ClickAsync();
        await screen.InspectAsync("user-leave");
        await screen
            .Dialog($"Leave {group.Name}?")
            .GetByRole(AriaRole.Button, new() { Name = "Leave this practice" })
            .ClickAsync();
        await screen.SeesStatusAsync($"You have left {group.Name}.");
        await screen.SeesAsync("You work in a practice");
    }

    [Fact]
    public async Task Two_people_who_change_the_same_access_see_the_conflict()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var member = await group.AddsMember();
        await using var screen = await site.OpenAsOwnerAsync(Device.DesktopDark, $"{group.Users()}/{member.Id}/access");
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{member.Id}/access",
                new { accessLevel = "manager", settings = new { exportData = false } }
            )
        ).Should(204);

        await screen.Radio("Billing").CheckAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesAsync("Current values");
        await screen.SeesAsync("Export records");
        await screen.InspectAsync("user-access-changed-meanwhile");
        await Assertions.Expect(screen.Radio("Billing")).ToBeCheckedAsync();
        Assert.Equal("manager", (await group.MemberOf(member))["accessLevel"].GetString());

        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("is saved");
        Assert.Equal("billing", (await group.MemberOf(member))["accessLevel"].GetString());
    }

    [Fact]
    public async Task A_manager_cannot_give_more_than_their_own_access()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var manager = await group.AddsNewPerson("manager");
        var email = People.NewEmail();
        await using var screen = await site.OpenAsync();
        await screen.SignInAsync(manager, $"{group.Users()}?add");
        await screen.FillsAddUserAsync(
            "Cy",
            "Lund",
            "Practitioner",
            "Nurse",
            email,
            "temporary horse battery",
            "Clinical"
        );
        await Assertions.Expect(screen.Switch("See other people's clinical records")).ToBeDisabledAsync();
        await screen.InspectAsync("users-add-by-manager");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Cy Lund is added");
        var added = (await group.Owner.Api.Get($"{group.Path}/members?search={Uri.EscapeDataString(email)}"))
            .Should(200)
            .Items.Single()
            .GetProperty("userId")
            .GetGuid();
        Assert.False(
            (await group.Owner.Api.Get($"{group.Path}/members/{added}/effective-access"))
                .Should(200)["settings"]
                .GetProperty("othersClinicalRecords")
                .GetBoolean()
        );

        // A manager cannot manage an owner.
        await screen.GoAsync($"{group.Users()}/{group.Owner.Id}");
        await Assertions.Expect(screen.Heading($"{group.Owner.FirstName} {group.Owner.LastName}")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Link("Deactivate")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_user_list_is_searched_while_typing_filtered_and_paged()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var csv = new StringBuilder("firstName,lastName,roleType,profession,email,accessLevel\n");
        for (var i = 1; i <= 60; i++)
            csv.AppendLine(
                CultureInfo.InvariantCulture,
                $"Robin,Row{i:00},administrator,receptionist,{People.NewEmail()},reception"
            );
        using var file = new StringContent(
            csv.ToString(),
            new System.Net.Http.Headers.MediaTypeHeaderValue("text/csv")
        );
        (await group.Owner.Api.Post($"{group.Path}/members/import", file)).Should(200);

        await using var screen = await site.OpenAsOwnerAsync(Device.Desktop, group.Users());
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(51);
        await screen.Link("Next page").ClickAsync();
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(12);
        await screen.InspectAsync("users-many");

        // The search starts at the first page, without a reload, and keeps the focus.
        await screen.Page.EvaluateAsync("() => { window.here = true; }");
        await screen.Field("Search").PressSequentiallyAsync("row07");
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await Assertions.Expect(screen.Row("Row07")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("Search")).ToBeFocusedAsync();
        Assert.True(await screen.Page.EvaluateAsync<bool>("() => window.here === true"));
        await screen.Field("Role type").SelectOptionAsync("practitioner");
        await screen.SeesAsync("No users found");
        await screen.InspectAsync("users-none-found");
        await screen.Link("show all users").ClickAsync();
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(51);
    }

    [Fact]
    public async Task A_person_switches_practices_and_the_last_one_is_remembered()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var first = await owner.CreatesGroup("First Practice");
        var second = await owner.CreatesGroup("Second Practice with a name that is rather longer than most");
        await using var screen = await site.OpenAsync(Device.Phone);
        await screen.SignInAsync(owner, "/practice");
        await screen.InspectAsync("practices");
        await screen.GoAsync(first.Users());
        await screen.Page.Locator(".switcher > summary").ClickAsync();
        await screen.InspectAsync("practice-switcher");
        await screen.Page.Locator(".switcher").GetByRole(AriaRole.Button, new() { Name = second.Name }).ClickAsync();
        await screen.WaitForUrlAsync(url => url.Contains($"/practice/{second.Id}", StringComparison.Ordinal));
        Assert.True(
            (await owner.Api.Get("/api/groups"))
                .Should(200)
                .Items.Single(group => group.GetProperty("id").GetGuid() == second.Id)
                .GetProperty("current")
                .GetBoolean()
        );
    }
}
