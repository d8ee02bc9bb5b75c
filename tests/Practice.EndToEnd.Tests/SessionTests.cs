namespace Practice.EndToEnd.Tests;

/// <summary>An idle or signed-out browser shows no data.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task An_idle_browser_is_warned_then_signed_out()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        await using var screen = await site.OpenAsync(Device.PhoneDark);
        await screen.Page.Clock.InstallAsync();
        await screen.SignInAsync(person);
        await screen.GoAsync("/account"); // loaded, script included: the idle time runs before the clock is turned
        var warning = screen.Heading("Are you still there?");

        await screen.Page.Clock.FastForwardAsync("27:30");
        await Assertions.Expect(warning).ToBeHiddenAsync();
        await screen.Page.Clock.FastForwardAsync("01:00");
        await Assertions.Expect(warning).ToBeVisibleAsync();
        await screen.InspectAsync("session-warning");
        await screen.Button("Stay signed in").ClickAsync();
        await Assertions.Expect(warning).ToBeHiddenAsync();

        // The idle time starts again, and the session is still valid.
        await screen.Page.Clock.FastForwardAsync("27:30");
        await Assertions.Expect(warning).ToBeHiddenAsync();
        await screen.Page.Clock.FastForwardAsync("01:00");
        await Assertions.Expect(warning).ToBeVisibleAsync();
        await screen.Page.Clock.FastForwardAsync("02:00");
        await screen.SeesAsync("You were signed out because you were inactive.");
        await screen.GoAsync("/account");
        await Assertions.Expect(screen.Heading("Sign in")).ToBeVisibleAsync();
        var sessions = await (await person.SignsInAgain()).Api.Get("/api/users/me/sessions");
        Assert.Equal(2, sessions.Items.Count); // the sessions of the test's API calls; the browser's has ended
    }

    [Fact]
    public async Task After_a_sign_out_back_shows_no_data_and_other_tabs_are_signed_out()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        (
            await owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Vera",
                    lastName = "Secretpatient",
                    dateOfBirth = "1950-01-02",
                }
            )
        ).Should(201);
        await using var screen = await site.OpenAsync();
        await screen.SignInAsync(owner, $"/practice/{group.Id}/patients");
        await screen.SeesAsync("Vera Secretpatient");
        await screen.Link("Vera Secretpatient").ClickAsync(); // with enhanced navigation
        await Assertions.Expect(screen.Heading("Vera Secretpatient")).ToBeVisibleAsync();
        var tab = await screen.Page.Context.NewPageAsync();
        await tab.GotoAsync($"/practice/{group.Id}/patients");
        await Assertions.Expect(tab.GetByText("Vera Secretpatient")).ToBeVisibleAsync();

        await screen.SignOutAsync();
        await screen.SeesAsync("You are signed out.");
        await Assertions.Expect(tab.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.Contains("patients", tab.Url, StringComparison.Ordinal); // the sign-in returns to it
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await screen.Page.GoBackAsync();
            await Assertions.Expect(screen.Heading("Sign in")).ToBeVisibleAsync();
            await screen.DoesNotSeeAsync("Secretpatient");
        }
    }

    [Fact]
    public async Task A_form_posted_after_a_sign_out_elsewhere_redirects_to_the_sign_in_and_back()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        await using var screen = await site.OpenAsync();
        await screen.SignInAsync(owner, $"/practice/{group.Id}/patients?add");
        await screen.Field("First name").FillAsync("Late");
        (await (await owner.SignsInAgain()).Api.Post("/api/users/sign-out-everywhere")).Should(204);
        await screen.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Add patient" }).ClickAsync();
        await screen.SeesAsync("Your session has ended. Sign in again to get back what you typed.");
        await screen.InspectAsync("sign-in-ended");
        await screen.SignInHereAsync(owner.Email, owner.Password);
        await screen.WaitForUrlAsync(url =>
            url.EndsWith($"/practice/{group.Id}/patients?add", StringComparison.Ordinal)
        );
    }
}
