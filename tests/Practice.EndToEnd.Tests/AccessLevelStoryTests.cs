namespace Practice.EndToEnd.Tests;

/// <summary>A practice's own access levels, and one act on many users.</summary>
public sealed class AccessLevelStoryTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task An_owner_makes_a_level_changes_it_for_two_and_gives_both_another_one(bool script)
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        await using var screen = await site.OpenAsOwnerAsync(
            script ? Device.DesktopAndPhoneDark : Device.NoScript,
            $"{group.Users()}/levels"
        );
        await screen.SeesAsync("No access levels of your own");
        await screen.InspectAsync("levels-none");

        await screen.Link("Add access level").ClickAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesErrorAsync("Name: This field is required.");
        await screen.Field("Name").FillAsync("Front desk");
        await screen.Radio("Administrator").CheckAsync();
        await Toggle("See patients other than their own").CheckAsync();
        await screen.InspectAsync("level-add");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Front desk is added.");
        await Assertions.Expect(screen.Row("Front desk")).ToContainTextAsync("Administrator");

        // The form for users offers it beside the presets.
        var level = (await group.Owner.Api.Get($"{group.Path}/access-levels")).Should(200).Items[0].GetProperty("id");
        var first = await group.AddsMember(level.GetString()!);
        var second = await group.AddsMember();
        await screen.GoAsync($"{group.Users()}/{second.Id}/access");
        await screen.Radio("Front desk").CheckAsync();
        await screen.InspectAsync("user-access-own-level");
        await screen.Button("Save").ClickAsync();
        await screen.SeesAsync("Front desk.");

        // A change shows first whom it reaches.
        await screen.GoAsync($"{group.Users()}/levels");
        await screen.Row("Front desk").GetByRole(AriaRole.Link, new() { Name = "Edit Front desk" }).ClickAsync();
        await Toggle("Export records").CheckAsync();
        await screen.Button("Show whom this changes").ClickAsync();
        await screen.SeesAsync("This changes 2 people.");
        await Assertions
            .Expect(screen.Page.Locator(".preview tr").Filter(new() { HasText = first.LastName }))
            .ToContainTextAsync("Export records");
        await screen.InspectAsync("level-preview");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Front desk is saved and applies immediately.");

        // Both get another level at once, and then the level is archived.
        await screen.GoAsync(group.Users());
        await screen.Link("Choose several").ClickAsync();
        await screen.Button("Change access level").ClickAsync();
        await screen.SeesAsync("Nobody is chosen");
        await screen.GoAsync(group.Users());
        await screen.Link("Choose several").ClickAsync();
        foreach (var person in new[] { first, second, group.Owner })
            await screen
                .Page.GetByRole(
                    AriaRole.Checkbox,
                    new() { Name = $"Choose {person.FirstName} {person.LastName}", Exact = true }
                )
                .CheckAsync();
        await screen.InspectAsync("users-chosen");
        await screen.Button("Change access level").ClickAsync();
        await Assertions.Expect(screen.Heading("Change the access level of 3 users")).ToBeVisibleAsync();
        await screen.InspectAsync("users-many");
        await screen.Button("Change access level").ClickAsync();
        await screen.SeesErrorAsync("Access Level: This field is required.");
        await screen
            .Field("Access Level")
            .SelectOptionAsync(new SelectOptionValue { Label = "Reception (Administrator)" });
        await screen.Button("Change access level").ClickAsync();
        await screen.SeesAsync("2 done, 0 unchanged, 1 rejected.");
        await Assertions.Expect(screen.Row("An owner has full access.")).ToContainTextAsync(group.Owner.LastName);
        await screen.InspectAsync("users-many-done");
        await screen.Link("Done").ClickAsync();
        await Assertions.Expect(screen.Row(second.Email)).ToContainTextAsync("Reception");

        await screen.GoAsync($"{group.Users()}/levels");
        await screen.Row("Front desk").GetByRole(AriaRole.Link, new() { Name = "Archive Front desk" }).ClickAsync();
        await screen.SeesAsync("No user has it now.");
        await screen.Button("Archive").ClickAsync();
        await screen.SeesStatusAsync("Front desk is archived.");
        await Assertions.Expect(screen.Row("Front desk")).ToContainTextAsync("Archived");

        ILocator Toggle(string setting) =>
            screen.Page.GetByRole(AriaRole.Switch, new() { Name = setting, Exact = true });
    }
}
