namespace Practice.EndToEnd.Tests;

/// <summary>A practice whose people sign in with its identity provider.</summary>
public sealed class ProviderStoryTests
{
    [Fact]
    public async Task An_owner_connects_the_provider_and_requires_it_and_who_comes_by_password_is_led_there()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var group = await owner.CreatesGroup("Harbour Street Clinic");
        var settings = $"/practice/{group.Id}/settings/practice";
        site.Issuer.SignedIn = new("the owner", owner.Email);
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark, url: site.NamedUrl);
        await screen.SignInAsync(owner, "/security");
        await screen.InspectAsync("security-providers-none");

        await screen.Button("Connect contoso").ClickAsync();
        await screen.SeesStatusAsync("contoso is connected. From now on it signs you in.");
        await screen.InspectAsync("security-providers");

        await screen.GoAsync(settings);
        await screen.Field("Users sign in with").SelectOptionAsync("contoso");
        await screen.Button("Save sign-in").ClickAsync();
        await screen.SeesAsync("Sign in with this identity provider yourself, then require it.");
        await screen.InspectAsync("practice-sign-in-refused");

        await screen.SignOutAsync();
        await screen.GoAsync($"/sign-in?to={Uri.EscapeDataString(settings)}");
        await screen.InspectAsync("sign-in-providers");
        await screen.Button("Sign in with contoso").ClickAsync();
        await screen.WaitForUrlAsync(url => url.EndsWith(settings, StringComparison.Ordinal));
        await screen.Field("Users sign in with").SelectOptionAsync("contoso");
        await screen.Button("Save sign-in").ClickAsync();
        await screen.Field("Your password").FillAsync(owner.Password); // a provider is no recent proof
        await screen.InspectAsync("practice-sign-in-password");
        await screen.Button("Save sign-in").ClickAsync();
        await screen.SeesStatusAsync("Saved.");
        await screen.InspectAsync("practice-sign-in");

        await screen.SignOutAsync();
        await screen.SignInAsync(owner, "/security");
        await screen.GoAsync(settings);
        await Assertions.Expect(screen.Heading("Sign in with contoso")).ToBeVisibleAsync();
        await screen.InspectAsync("practice-sign-in-required");
        await screen.Button("Sign in with contoso").ClickAsync();
        await screen.WaitForUrlAsync(url => url.EndsWith(settings, StringComparison.Ordinal));
        await screen.SeesAsync("Name of the practice");
    }
}
