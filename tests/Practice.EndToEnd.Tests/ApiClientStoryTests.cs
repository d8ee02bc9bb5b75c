namespace Practice.EndToEnd.Tests;

/// <summary>An owner lets a program in, and out again.</summary>
public sealed class ApiClientStoryTests
{
    [Fact]
    public async Task Who_deactivates_an_owner_or_leaves_is_asked_what_becomes_of_their_API_clients()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var (second, plain) = (await group.WelcomesNewPerson(), await group.AddsNewPerson());
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{second.Id}/access",
                new { accessLevel = "full", owner = true }
            )
        ).Should(204);
        second = await second.SignsInAgain();
        (
            await second.Api.Post($"{group.Path}/clients", new { name = "Booking system", accessLevel = "reception" })
        ).Should(201);
        var users = $"/practice/{group.Id}/settings/users";
        await using var screen = await site.OpenAsOwnerAsync(
            Device.DesktopAndPhoneDark,
            $"{users}/{second.Id}?deactivate"
        );
        await screen.SeesAsync("API clients that they made go on: Booking system.");
        await screen.InspectAsync("deactivate-clients");
        await screen.GoAsync($"{users}/many?act=deactivate&id={plain.Id}&id={second.Id}");
        await screen.SeesAsync("API clients that they made go on: Booking system.");
        await screen.InspectAsync("deactivate-many-clients");

        await using var theirs = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await theirs.SignInAsync(second, $"{users}/{second.Id}");
        await theirs.Button("Leave this practice").First.ClickAsync();
        await theirs.SeesAsync("API clients that you made go on: Booking system.");
        await theirs.InspectAsync("leave-clients");
        var dialog = theirs.Page.Locator("dialog[open]");
        await dialog.GetByLabel("Revoke these API clients, too").CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Leave this practice" }).ClickAsync();
        await theirs.SeesStatusAsync("You have left");
        var client = (await group.Owner.Api.Get($"{group.Path}/clients")).Should(200).Items.Single();
        Assert.Equal("revoked", client.GetProperty("status").GetString());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_owner_adds_an_API_client_gives_it_another_secret_and_revokes_it(bool script)
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        await using var screen = await site.OpenAsOwnerAsync(
            script ? Device.DesktopAndPhoneDark : Device.NoScript,
            $"/practice/{group.Id}/settings/practice"
        );
        await screen.Link("API clients").ClickAsync();
        await screen.SeesAsync("No API clients yet");
        await screen.InspectAsync("clients-none");

        await screen.Link("Add API client").ClickAsync();
        await screen.Button("Add API client").ClickAsync();
        await screen.SeesErrorAsync("Name: This field is required.");
        await screen.Field("Name").FillAsync("Booking system");
        await screen.Radio("Manager").CheckAsync();
        await screen.InspectAsync("client-add");
        await screen.Button("Add API client").ClickAsync();
        await Assertions.Expect(screen.Heading("Booking system is added")).ToBeVisibleAsync();
        await screen.InspectAsync("client-secret");
        var (id, first) = (await Text("#client-id"), await Text("#client-secret"));
        var api = site.Host.Api.WithToken(await TokenOf(id, first));
        (await api.Get($"{group.Path}/members")).Should(200);

        await screen.Link("Done").ClickAsync();
        await Assertions.Expect(screen.Row("Booking system")).ToContainTextAsync("Active");
        await screen.InspectAsync("clients");
        await screen.Link("Booking system").ClickAsync();
        await screen.SeesAsync("About this API client");
        await screen.InspectAsync("client");
        await screen.Button("Make another secret").ClickAsync();
        await screen.SeesAsync("The secret before works for another day.");
        var second = await Text("#client-secret");
        Assert.NotEqual(first, second);
        Assert.NotNull(await TokenOf(id, first));
        Assert.NotNull(await TokenOf(id, second));

        await screen.Link("Done").ClickAsync();
        await Assertions.Expect(screen.Button("Make another secret")).ToBeVisibleAsync();
        await screen.Button("Revoke").First.ClickAsync();
        await screen.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await screen.SeesStatusAsync("Booking system is revoked.");
        await Assertions.Expect(screen.Row("Booking system")).ToContainTextAsync("Revoked");
        (await api.Get($"{group.Path}/members")).Should(401, "auth.not_signed_in");

        async Task<string> Text(string selector) => (await screen.Page.Locator(selector).InnerTextAsync()).Trim();

        async Task<string?> TokenOf(string client, string secret) => (
                await site.Host.Api.Post(
                    "/connect/token",
                    new FormUrlEncodedContent(
                        new Dictionary<string, string>
                        {
                            ["grant_type"] = "client_credentials",
                            ["client_id"] = client,
                            ["client_secret"] = secret,
                        }
                    )
                )
            ).Should(200)["access_token"].GetString();
    }
}
