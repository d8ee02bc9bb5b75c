namespace Practice.EndToEnd.Tests;

public sealed class SignInTests
{
    [Fact]
    public async Task A_wrong_password_shows_an_error_and_keeps_the_email()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await screen.GoAsync("/sign-in");
        await screen.InspectAsync("sign-in");

        await screen.Field("Email").FillAsync(person.Email);
        await screen.Field("Password").FillAsync("not the password");
        await screen.Button("Sign in").ClickAsync();
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("Email")).ToHaveValueAsync(person.Email);
        await Assertions.Expect(screen.Field("Password")).ToHaveValueAsync("");
        await screen.InspectAsync("sign-in-error");

        await screen.Field("Password").FillAsync(person.Password);
        await screen.Button("Sign in").ClickAsync();
        await screen.WaitForUrlAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }
}

internal static class Screens
{
    public static Device Named(string name) =>
        new[] { Device.Desktop, Device.DesktopDark, Device.Phone, Device.PhoneDark, Device.NoScript }.Single(device =>
            device.Name == name
        );
}
