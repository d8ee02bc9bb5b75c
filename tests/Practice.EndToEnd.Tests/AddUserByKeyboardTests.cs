namespace Practice.EndToEnd.Tests;

public sealed class AddUserByKeyboardTests
{
    [Fact]
    public async Task The_dialog_is_opened_filled_in_and_saved_by_keyboard_alone()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var owner = group.Owner;
        var email = People.NewEmail();
        await using var screen = await site.OpenAsOwnerAsync(Device.Desktop, group.Users());
        var keyboard = screen.Page.Keyboard;

        await TabToAsync(screen, "Add user");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Dialog("Add user")).ToBeVisibleAsync();

        // Escape closes it; the address opens it again.
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(screen.Dialog("Add user")).ToHaveCountAsync(0);
        await TabToAsync(screen, "Add user");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Dialog("Add user")).ToBeVisibleAsync();

        await TabToAsync(screen, "First name");
        await keyboard.TypeAsync("Ada");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("Moss");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Space"); // Role Type: practitioner
        await Assertions.Expect(screen.Radio("Practitioner")).ToBeCheckedAsync();
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("Podia");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("POD0001");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(email);
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(email);
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("temporary horse battery");
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync("temporary horse battery");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Space"); // Access Level: personal
        await keyboard.PressAsync("ArrowDown"); // contact
        await Assertions.Expect(screen.Radio("Contact")).ToBeCheckedAsync();
        await TabToAsync(screen, "See and edit other people's invoices");
        await keyboard.PressAsync("Space");
        await TabToAsync(screen, "Main street");
        await keyboard.PressAsync("Space");
        await TabToAsync(screen, "Save");
        await keyboard.PressAsync("Enter");
        await screen.SeesStatusAsync("Ada Moss is added");

        var added = (await owner.Api.Get($"{group.Path}/members?search={Uri.EscapeDataString(email)}"))
            .Should(200)
            .Items.Single();
        Assert.Equal("contact", added.GetProperty("accessLevel").GetString());
        Assert.Equal("podiatrist", added.GetProperty("profession").GetString());
        Assert.Equal(group.LocationId, added.GetProperty("locationIds")[0].GetGuid());
        var access = (
            await owner.Api.Get($"{group.Path}/members/{added.GetProperty("userId").GetGuid()}/access")
        ).Should(200)["settings"];
        Assert.Equal("""{"othersInvoices":false}""", access.GetRawText());
    }

    /// <summary>Presses Tab until the element with this name has the focus.</summary>
    private static async Task TabToAsync(Screen screen, string name)
    {
        for (var tabs = 0; tabs < 80; tabs++)
        {
            await screen.Page.Keyboard.PressAsync("Tab");
            var called = await screen.Page.EvaluateAsync<string>(
                """
                () => {
                    const at = document.activeElement;
                    const name = at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent;
                    return (name ?? '').trim();
                }
                """
            );
            if (called == name)
                return;
        }

        Assert.Fail($"Tab never reached '{name}'.");
    }
}
