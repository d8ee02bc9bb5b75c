namespace Practice.EndToEnd.Tests;

/// <summary>Changes to one user or one invitation.</summary>
public sealed class MemberTests
{
    [Fact]
    public async Task Details_locations_and_role_of_a_user_are_changed()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var member = await group.AddsMember("billing", settings: new() { ["exportData"] = true });
        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopDarkAndPhone,
            $"{group.Users()}/{member.Id}"
        );

        await screen.Link("Edit details").ClickAsync();
        await screen
            .Dialog("Edit details")
            .GetByLabel("Profession")
            .SelectOptionAsync(new SelectOptionValue { Label = "Receptionist" });
        await screen.InspectAsync("user-details");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Saved.");
        Assert.Equal("receptionist", (await group.MemberOf(member))["profession"].GetString());

        await screen.Link("Edit locations").ClickAsync();
        await screen.Field("Main street").CheckAsync();
        await screen.InspectAsync("user-locations");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("Saved.");
        Assert.Equal(
            group.LocationId,
            Assert.Single((await group.MemberOf(member))["locationIds"].EnumerateArray()).GetGuid()
        );

        // The access level depends on the role type, so a new one is required and no old settings are kept.
        await screen.Link("Change to practitioner").ClickAsync();
        await Assertions
            .Expect(screen.Dialog($"Change {member.FirstName} {member.LastName} to practitioner"))
            .ToBeVisibleAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesErrorAsync("Access Level");
        await screen.Field("Profession").SelectOptionAsync(new SelectOptionValue { Label = "Podiatrist" });
        await screen.Field("Registration Number (optional)").FillAsync("POD0002");
        await screen.Radio("Contact").CheckAsync();
        await screen.InspectAsync("user-convert");
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("is now a practitioner");
        var now = await group.MemberOf(member);
        Assert.Equal(
            ("practitioner", "podiatrist", "POD0002", "contact"),
            (
                now["roleType"].GetString(),
                now["profession"].GetString(),
                now["registrationNumber"].GetString(),
                now["accessLevel"].GetString()
            )
        );
        Assert.Equal(
            "{}",
            (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/access")).Should(200)["settings"].GetRawText()
        );
    }

    [Fact]
    public async Task A_user_who_lost_the_temporary_password_gets_another()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var (email, password) = (People.NewEmail(), People.NewPassword());
        var member = (
            await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", People.NewPassword()))
        )
            .Should(201)["userId"]
            .GetGuid();
        await using var screen = await site.OpenAsOwnerAsync(Device.PhoneDark, $"{group.Users()}/{member}");
        await screen.Link("New temporary password").ClickAsync();
        await screen.Field("Password").FillAsync(password);
        await screen.Field("Confirm Password").FillAsync("another than that");
        await screen.Button("Save").ClickAsync();
        await Assertions.Expect(screen.Field("Confirm Password")).ToBeFocusedAsync();
        await Assertions.Expect(screen.Field("Password")).ToHaveValueAsync("");
        await screen.InspectAsync("user-password");
        await screen.Field("Password").FillAsync(password);
        await screen.Field("Confirm Password").FillAsync(password);
        await screen.Button("Save").ClickAsync();
        await screen.SeesStatusAsync("has a new temporary password");
        Assert.True(
            (await site.Host.Api.Post("/api/users/sign-in", new { email, password }))
                .Should(200)["mustChangePassword"]
                .GetBoolean()
        );
    }

    [Theory, InlineData("desktop"), InlineData("no-script")]
    public async Task An_invitation_cannot_be_resent_at_once_and_another_is_withdrawn(string device)
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var (kept, withdrawn) = (await site.Host.SignUpAndConfirm(), await site.Host.SignUpAndConfirm());
        foreach (var person in new[] { kept, withdrawn })
            (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception"))).Should(201);
        await using var screen = await site.OpenAsOwnerAsync(Screens.Named(device), $"{group.Users()}/invitations");

        await screen.Link($"Open the invitation of {kept.Email}").ClickAsync();
        await screen.Button("Send again").ClickAsync();
        await screen.SeesErrorAsync("Give it time to arrive.");
        await screen.InspectAsync("invitation-not-again");
        await screen.Link("Close").ClickAsync();
        await screen.Link($"Open the invitation of {withdrawn.Email}").ClickAsync();
        await screen.Dialog("Invitation").GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await screen.InspectAsync("invitation-withdraw");
        await screen
            .Dialog("Withdraw this invitation?")
            .GetByRole(AriaRole.Button, new() { Name = "Withdraw" })
            .ClickAsync();
        await screen.SeesStatusAsync($"The invitation of {withdrawn.Email} is withdrawn.");
        await Assertions.Expect(screen.Row(withdrawn.Email)).ToContainTextAsync("Withdrawn");
        await Assertions.Expect(screen.Link($"Open the invitation of {withdrawn.Email}")).ToHaveCountAsync(0);
        Assert.Single((await kept.Api.Get("/api/invitations")).Should(200).Items);
        Assert.Empty((await withdrawn.Api.Get("/api/invitations")).Should(200).Items);
    }
}
