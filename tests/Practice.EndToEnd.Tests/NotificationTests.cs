namespace Practice.EndToEnd.Tests;

/// <summary>The notifications page, and the actions of each notification.</summary>
public sealed class NotificationTests
{
    [Fact]
    public async Task One_invitation_is_accepted_and_another_rejected_in_the_notifications()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        var (first, second) = (
            await site.NewGroupAsync("Harbour Street Physiotherapy and Sports Medicine"),
            await site.NewGroupAsync("Mill Lane Clinic")
        );
        foreach (var group in new[] { first, second })
            (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception"))).Should(201);
        await Eventually.Is(async () => (await person.Api.Get("/api/users/me/notifications")).Items.Count == 2);

        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await screen.SignInAsync(person, "/notifications");
        await Assertions.Expect(screen.Link("Notifications, 2 unread")).ToBeVisibleAsync();
        await screen.InspectAsync("notifications");

        var invitation = screen.Page.Locator(".rows > li", new() { HasText = "Mill Lane" });
        await invitation.GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await screen.InspectAsync("notifications-reject");
        await screen.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Reject" }).ClickAsync();
        await screen.SeesAsync("The invitation is rejected.");
        await Assertions.Expect(screen.Link("Notifications, 1 unread")).ToBeVisibleAsync();
        await Assertions.Expect(invitation.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);

        await screen
            .Page.Locator(".rows > li", new() { HasText = "Harbour Street" })
            .GetByRole(AriaRole.Button, new() { Name = "Accept" })
            .ClickAsync();
        await screen.SeesAsync("Welcome! You are now a member of this practice.");
        await screen.WaitForUrlAsync(url => url.EndsWith($"/practice/{first.Id}", StringComparison.Ordinal));
        Assert.Equal(
            [first.Id],
            (await person.Api.Get("/api/groups")).Items.Select(group => group.GetProperty("id").GetGuid())
        );

        // The welcome arrives a moment later. Opening it leads to the practice and marks it as read.
        await Eventually.Is(async () =>
            (await person.Api.Get("/api/users/me/notifications?unread=true")).Items.Any(told =>
                told.GetProperty("kind").GetString() == "joined"
            )
        );
        await screen.GoAsync("/notifications?unread");
        await screen
            .Page.Locator(".rows > li", new() { HasText = "Welcome to Harbour Street" })
            .GetByRole(AriaRole.Button, new() { Name = "Open practice" })
            .ClickAsync();
        await screen.WaitForUrlAsync(url => url.EndsWith($"/practice/{first.Id}", StringComparison.Ordinal));
        await screen.GoAsync("/notifications?unread");
        await screen.DoesNotSeeAsync("Welcome to Harbour Street");
        await screen.SeesAsync("All read");
        await Assertions.Expect(screen.Link("Notifications")).ToBeVisibleAsync(); // without a count
        await screen.InspectAsync("notifications-all-read");
    }

    [Fact]
    public async Task Notifications_are_paged_and_all_marked_as_read_at_once()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var owner = group.Owner;
        var person = await site.Host.SignUpAndConfirm();
        await group.Welcomes(person, "manager");
        foreach (var level in Enumerable.Range(0, 22).Select(change => change % 2 == 0 ? "billing" : "reception"))
            (await owner.Api.Change($"{group.Path}/members/{person.Id}/access", new { accessLevel = level })).Should(
                204
            );
        await Eventually.Is(async () =>
            (await person.Api.Get("/api/users/me/notifications?limit=100")).Items.Count == 24
        );

        await using var screen = await site.OpenAsync(Device.Phone);
        await screen.SignInAsync(person, "/notifications");
        await Assertions.Expect(screen.Page.Locator(".rows > li")).ToHaveCountAsync(20);
        await screen.Link("Next page").ClickAsync();
        await Assertions.Expect(screen.Page.Locator(".rows > li")).ToHaveCountAsync(4);
        await screen.InspectAsync("notifications-second-page");
        await screen.Link("First page").ClickAsync();
        await Assertions.Expect(screen.Page.Locator(".rows > li")).ToHaveCountAsync(20);
        var unread = (await person.Api.Get("/api/users/me/notifications/unread-count"))["count"].GetInt32();
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as read" }).First.ClickAsync();
        await Assertions.Expect(screen.Link($"Notifications, {unread - 1} unread")).ToBeVisibleAsync();
        await screen.Button("Mark all as read").ClickAsync();
        await screen.SeesAsync("All notifications are marked as read.");
        await Assertions.Expect(screen.Link("Notifications")).ToBeVisibleAsync();
    }
}
