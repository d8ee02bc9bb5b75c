namespace Practice.EndToEnd.Tests;

public sealed class PortalPageTests
{
    /// <summary>Created once: Anna with records, shared with Ben, and her dependant Mia.</summary>
    private static readonly Lazy<Task<Household>> Shared = new(Household.NewAsync);

    [Fact]
    public async Task The_other_portal_pages_are_accessible_and_fit_the_screen()
    {
        var site = await Site.StartedAsync();
        var home = await Shared.Value;
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await screen.SignInAsync(home.Anna, $"/portal/{home.Account}");
        foreach (
            var (picture, page, says) in new[]
            {
                ("portal-appointments-all", "appointments?show=all", "Seaside Physio"),
                ("portal-requests", "appointments?show=requests", "No appointment requests"),
                ("portal-records", "records", "letter to the surgeon"),
                ("portal-notes", "health-notes", "No health notes yet"),
                ("portal-access", "access", "People You Access"),
                ("portal-log-all", "access-log?all", "You"),
            }
        )
        {
            await screen.GoAsync($"/portal/{home.Account}/{page}");
            await screen.SeesAsync(says);
            await screen.InspectAsync(picture);
        }

        await screen.Page.Locator(".switcher > summary").ClickAsync();
        await screen.SeesAsync("Whose record do you want to open?");
        await screen.InspectAsync("portal-toggle");
        await screen.GoAsync("/portal?choose");
        await screen.SeesAsync("Your dependant");
        await screen.InspectAsync("portal-choose");
        await screen.GoAsync($"/portal/{Guid.NewGuid()}");
        await screen.SeesAsync("Page not found");
    }

    [Fact]
    public async Task The_decision_dialog_works_by_keyboard_alone()
    {
        var site = await Site.StartedAsync();
        var holder = await site.Host.SignsUp("Kay", "Board");
        var account = await holder.OpensPortal();
        var asking = await site.Host.SignsUp("Asta", "Asking");
        await asking.OpensPortal();
        (await asking.Api.Post("/api/portal/access-requests", new { email = holder.Email, role = "edit" })).Should(202);
        await holder.SeesPending(account, asking);
        await using var screen = await site.OpenAsync(Device.Desktop);
        await screen.SignInAsync(holder, $"/portal/{account}/access");
        var (keys, pencil, dialog) = (
            screen.Page.Keyboard,
            screen.Link("Edit the access of Asta Asking"),
            screen.Page.GetByRole(AriaRole.Dialog)
        );

        // Escape closes it.
        await screen.TabsTo(pencil);
        await keys.PressAsync("Enter");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await screen.TabsTo(pencil);
        await keys.PressAsync("Enter");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        await screen.TabsTo(screen.Radio("Status", "Pending"));
        await keys.PressAsync("ArrowUp");
        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(screen.Radio("Status", "Current")).ToBeCheckedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("ArrowUp");
        await Assertions.Expect(screen.Radio("Role", "View")).ToBeCheckedAsync();
        await keys.PressAsync("Tab");
        await keys.PressAsync("ArrowDown");
        await Assertions.Expect(screen.Radio("Access Level", "Clinical")).ToBeCheckedAsync();
        await screen.TabsTo(screen.Button("Submit"));
        await keys.PressAsync("Enter");
        await screen.SeesAsync("Asta Asking has access: View, Clinical.");
        await Assertions.Expect(screen.Item(asking.Email)).ToContainTextAsync("Current");
    }

    [Fact]
    public async Task Without_JavaScript_access_is_decided_and_shared_and_notes_and_cancellations_work()
    {
        var site = await Site.StartedAsync();
        var clinic = await PortalClinic.New(site, "Plain Practice");
        var (holder, account) = await clinic.Patient("Paula", "Plain");
        var asking = await site.Host.SignsUp("Arne", "Asking");
        await asking.OpensPortal();
        (await asking.Api.Post("/api/portal/access-requests", new { email = holder.Email, role = "view" })).Should(202);
        await holder.SeesPending(account, asking);
        await using var screen = await site.OpenAsync(Device.NoScript);
        await screen.SignInAsync(holder, "/portal/access");
        await screen.Link("Edit the access of Arne Asking").ClickAsync();
        await screen.Radio("Status", "Current").CheckAsync();
        await screen.Field("Last day (optional)").FillAsync("2020-01-01");
        await screen.Button("Submit").ClickAsync();
        await screen.SeesAsync("The last day is in the past. Choose today or later.");
        await Assertions.Expect(screen.Radio("Status", "Current")).ToBeCheckedAsync();
        await screen.InspectAsync("portal-decide-error");
        await screen.Field("Last day (optional)").FillAsync("");
        await screen.Button("Submit").ClickAsync();
        await screen.SeesAsync("Arne Asking has access: View, Administrative.");

        await screen.Link("Share with someone").ClickAsync();
        await screen.Field("Email").FillAsync("friend@practice.test");
        await screen.Button("Share").ClickAsync();
        await screen.SeesAsync("Shared with friend@practice.test");
        await Assertions.Expect(screen.Item("friend@practice.test")).ToContainTextAsync("Current");

        await screen.Link("Home").ClickAsync();
        await screen.Link("Add a health note").ClickAsync();
        await screen.Button("Send note").ClickAsync();
        await Assertions.Expect(screen.Field("Note")).ToHaveAttributeAsync("aria-invalid", "true");
        await screen.Field("Note").FillAsync("The new tablets make me dizzy.");
        await screen.Button("Send note").ClickAsync();
        await screen.SeesAsync("The new tablets make me dizzy.");
        await screen.InspectAsync("portal-notes-sent");
        await screen.Link("Home").ClickAsync();
        await screen.Button("Cancel appointment").First.ClickAsync();
        await screen
            .Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new() { Name = "Cancel appointment" })
            .ClickAsync();
        await screen.SeesAsync("Cancelled. The practice is notified.");
        await Assertions.Expect(screen.Button("Cancel appointment")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_decision_on_a_changed_grant_shows_the_current_values()
    {
        var site = await Site.StartedAsync();
        var holder = await site.Host.SignsUp("Carl", "Careful");
        var account = await holder.OpensPortal();
        var (friend, fickle) = (await site.Host.SignsUp("Fritz", "Friend"), await site.Host.SignsUp("Fia", "Fickle"));
        await friend.OpensPortal();
        await fickle.OpensPortal();
        var grant = await friend.IsGrantedAccess(holder, account, "view", "administrative");
        (await fickle.Api.Post("/api/portal/access-requests", new { email = holder.Email, role = "view" })).Should(202);
        var asked = await holder.SeesPending(account, fickle);
        await using var screen = await site.OpenAsync(Device.Phone);
        await screen.SignInAsync(holder, $"/portal/{account}/access?edit={grant}");
        (
            await holder.Api.Change(
                $"/api/portal/accounts/{account}/access/{grant}",
                new
                {
                    status = "disabled",
                    role = "edit",
                    level = "administrative",
                }
            )
        ).Should(204);
        await screen.Radio("Access Level", "Clinical").CheckAsync();
        await screen.Button("Submit").ClickAsync();
        await screen.SeesAsync("Current values");
        await screen.SeesAsync("Disabled");
        await Assertions.Expect(screen.Radio("Access Level", "Clinical")).ToBeCheckedAsync();
        await screen.InspectAsync("portal-decide-changed-meanwhile");
        await screen.Button("Submit").ClickAsync();
        await screen.SeesAsync("Fritz Friend has access: View, Clinical.");

        await screen.GoAsync($"/portal/{account}/access?edit={asked}");
        var request = (await fickle.Api.Get("/api/portal/access")).Items[0].GetProperty("grantId").GetGuid();
        (await fickle.Api.Delete($"/api/portal/access/{request}")).Should(204);
        await screen.Radio("Status", "Current").CheckAsync();
        await screen.Button("Submit").ClickAsync();
        await screen.SeesAsync("This request no longer exists.");
    }

    [Fact]
    public async Task A_person_gives_up_granted_access_or_a_request_after_a_confirmation()
    {
        var site = await Site.StartedAsync();
        var home = await Shared.Value;
        var helper = await site.Host.SignsUp("Hedda", "Helper");
        var own = await helper.OpensPortal();
        await helper.IsGrantedAccess(home.Anna, home.Account, "edit", "administrative");
        await using var screen = await site.OpenAsync(Device.Phone);
        await screen.SignInAsync(helper, $"/portal/{home.Account}");
        await screen.SeesAsync("You can view and edit it, except clinical records.");
        await screen.SeesAsync("Request an appointment");
        await screen.DoesNotContain("clinicalword");
        await screen.InspectAsync("portal-home-edit-administrative");
        await screen.GoAsync($"/portal/{own}/access");
        await screen.Button("Give up access").ClickAsync();
        await screen
            .Page.GetByRole(AriaRole.Dialog)
            .GetByRole(AriaRole.Button, new() { Name = "Give up access" })
            .ClickAsync();
        await screen.SeesAsync("You no longer have access to this account.");
        await screen.DoesNotSeeAsync("Anna Weber");

        (await helper.Api.Post("/api/portal/access-requests", new { email = home.Anna.Email, role = "view" })).Should(
            202
        );
        await screen.GoAsync($"/portal/{own}/access");
        await screen.Button("Withdraw").ClickAsync();
        var confirmation = screen.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(confirmation).ToContainTextAsync($"Your request ends. You can send a new one.");
        await screen.InspectAsync("portal-request-withdraw");
        await confirmation.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await screen.SeesAsync("Your request is withdrawn.");
    }

    private sealed record Household(Person Anna, Guid Account)
    {
        public static async Task<Household> NewAsync()
        {
            var site = await Site.StartedAsync();
            var clinic = await PortalClinic.New(site, "Seaside Physio");
            var (anna, account) = await clinic.Patient("Anna", "Weber");
            var ben = await site.Host.SignsUp("Benjamin-Alexander", "Weber-Constantinopolous");
            var bens = await ben.OpensPortal();
            await ben.IsGrantedAccess(anna, account, "view", "administrative");
            await anna.IsGrantedAccess(ben, bens, "edit", "clinical");
            (
                await anna.Api.Post(
                    "/api/portal/dependants",
                    new
                    {
                        firstName = "Mia",
                        lastName = "Weber",
                        dateOfBirth = "2019-05-01",
                        relationship = "parent",
                    }
                )
            ).Should(201);
            (await ben.Api.Get($"/api/portal/accounts/{account}/invoices")).Should(200);
            return new Household(anna, account);
        }
    }
}
