namespace Practice.EndToEnd.Tests;

/// <summary>Passkeys in a real browser, with authenticators of its own (the WebAuthn domain of its protocol).</summary>
public sealed class PasskeyTests
{
    [Fact]
    public async Task Adds_a_passkey_signs_in_with_it_and_removes_it()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark, url: site.NamedUrl);
        await VirtualAuthenticator.AddToAsync(screen.Page);

        // Without a key, the browser finds none.
        await screen.GoAsync("/sign-in?to=/security");
        await screen.Button("Sign in with a passkey").ClickAsync();
        await screen.SeesErrorAsync("No passkey was used.");
        await screen.InspectAsync("sign-in-no-passkey");

        await screen.SignInHereAsync(person.Email, person.Password);
        await Assertions.Expect(screen.Heading("Passkeys")).ToBeVisibleAsync();
        await screen.Field("Name of the new passkey").FillAsync("");
        await screen.Button("Add a passkey").ClickAsync();
        await screen.SeesErrorAsync("Enter a name."); // before the device makes a key that nobody wants
        await screen.Field("Name of the new passkey").FillAsync("Work phone");
        await screen.Button("Add a passkey").ClickAsync();
        await screen.SeesStatusAsync("Work phone is added.");
        await screen.SeesAsync("Work phone");
        await screen.InspectAsync("security-passkeys");
        await site.Host.Mail.WaitFor(person.Email, "A passkey was added");

        // The same device again.
        await screen.Button("Add a passkey").ClickAsync();
        await screen.SeesErrorAsync("This device already has a passkey for your account.");

        await screen.SignOutAsync();
        await screen.GoAsync("/sign-in?to=/account/sessions");
        await screen.Button("Sign in with a passkey").ClickAsync();
        await Assertions.Expect(screen.Heading("Your devices")).ToBeVisibleAsync();

        // In place of the password, where a dangerous act asks for it.
        await screen.GoAsync("/confirm?again&to=/security");
        await Assertions.Expect(screen.Button("Use a passkey")).ToBeVisibleAsync();
        await screen.InspectAsync("confirm-passkey");
        await screen.Button("Use a passkey").ClickAsync();
        await screen.SeesStatusAsync("Thank you.");
        await screen.SeesAsync("last used");
        await screen.Button("Remove").ClickAsync();
        await screen
            .Dialog("Remove this passkey?")
            .GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true })
            .ClickAsync();
        await screen.SeesStatusAsync("Work phone is removed.");

        // The device keeps the key; the account does not know it any more.
        await screen.SignOutAsync();
        await screen.GoAsync("/sign-in");
        await screen.Button("Sign in with a passkey").ClickAsync();
        await screen.SeesErrorAsync("This passkey did not work.");
        await screen.InspectAsync("sign-in-passkey-refused");
    }

    [Fact]
    public async Task A_device_that_does_not_recognize_the_person_does_not_sign_in()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        await using var screen = await site.OpenAsync(url: site.NamedUrl);
        var phone = await VirtualAuthenticator.AddToAsync(screen.Page);
        await screen.SignInAsync(person, "/security");
        await screen.Button("Add a passkey").ClickAsync();
        await screen.SeesStatusAsync("My passkey is added.");
        await screen.SignOutAsync();

        await phone.RecognizesAsync(false);
        await screen.GoAsync("/sign-in");
        await screen.Button("Sign in with a passkey").ClickAsync();

        await screen.SeesErrorAsync("No passkey was used.");
        await Assertions.Expect(screen.Heading("Sign in")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_address_without_passkeys_and_a_browser_without_JavaScript_offer_none()
    {
        var site = await Site.StartedAsync();
        await using var numbers = await site.OpenAsync();
        await numbers.GoAsync("/sign-in");
        await Assertions.Expect(numbers.Button("Sign in")).ToBeVisibleAsync();
        await Assertions.Expect(numbers.Button("Sign in with a passkey")).ToBeHiddenAsync();

        await using var noScript = await site.OpenAsync(Device.NoScript, url: site.NamedUrl);
        var person = await site.Host.SignUpAndConfirm();
        await noScript.SignInAsync(person, "/security");
        await noScript.SeesAsync("This browser cannot add a passkey here.");
        await Assertions.Expect(noScript.Button("Add a passkey")).ToBeHiddenAsync();
    }
}

/// <summary>An authenticator built into the browser's device. It answers without a click, in this tab only.</summary>
internal sealed class VirtualAuthenticator
{
    private readonly ICDPSession _devTools;
    private readonly string _id;

    private VirtualAuthenticator(ICDPSession devTools, string id) => (_devTools, _id) = (devTools, id);

    public static async Task<VirtualAuthenticator> AddToAsync(IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        var added = await devTools.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new Dictionary<string, object>
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            }
        );
        return new VirtualAuthenticator(devTools, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    public Task RecognizesAsync(bool person) =>
        _devTools.SendAsync(
            "WebAuthn.setUserVerified",
            new Dictionary<string, object> { ["authenticatorId"] = _id, ["isUserVerified"] = person }
        );
}
