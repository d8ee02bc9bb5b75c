namespace Practice.EndToEnd.Tests;

/// <summary>A person's account, from the sign-up to the sign-out on all devices.</summary>
public sealed class AccountTests
{
    [Fact]
    public async Task Signs_up_and_turns_two_factor_authentication_on_and_off()
    {
        var site = await Site.StartedAsync();
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        var (email, password) = (People.NewEmail(), People.NewPassword());

        // Errors are shown at their fields and the first gets the focus. The password is empty again.
        await screen.GoAsync("/sign-up");
        await screen.InspectAsync("sign-up");
        await screen.Field("Email").FillAsync(email);
        await screen.Field("Password").FillAsync("short");
        await screen.Button("Create account").ClickAsync();
        await Assertions.Expect(screen.Field("First name")).ToBeFocusedAsync();
        await Assertions.Expect(screen.Field("Email")).ToHaveValueAsync(email);
        await Assertions.Expect(screen.Field("Password")).ToHaveValueAsync("");
        await screen.InspectAsync("sign-up-error");

        await screen.Field("First name").FillAsync("Mia");
        await screen.Field("Last name").FillAsync("Hart");
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Create account").ClickAsync();
        await Assertions.Expect(screen.Heading("Check your inbox")).ToBeVisibleAsync();
        await screen.SeesAsync(email);
        Assert.DoesNotContain("@", screen.Page.Url, StringComparison.Ordinal);
        await screen.InspectAsync("sign-up-sent");

        // A mail scanner opens the link first; the link still works.
        var mail = await site.Host.Mail.WaitFor(email, mail => mail.Token is not null);
        var link = mail.Link!;
        using (var scanner = new HttpClient { BaseAddress = site.Host.Url })
        {
            (await scanner.GetAsync(new Uri(link, UriKind.Relative))).EnsureSuccessStatusCode();
        }

        await screen.GoAsync(link);
        await screen.InspectAsync("confirm-email");
        await screen.Button("Confirm my email").ClickAsync();
        await screen.SeesAsync("Enter a password.");
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Confirm my email").ClickAsync();
        await screen.SeesAsync("Your email is confirmed and your password is set. Please sign in.");

        await screen.GoAsync(link);
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Confirm my email").ClickAsync();
        await screen.SeesAsync("This link was used or replaced");
        await Assertions.Expect(screen.Link("Get a new link")).ToBeVisibleAsync();
        await screen.InspectAsync("confirm-email-used");

        // Two-factor authentication: the QR code, the key, the code, the recovery codes.
        await screen.GoAsync("/sign-in?to=/security");
        await screen.SignInHereAsync(email, password);
        await Assertions
            .Expect(
                screen.Page.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Name = "Security",
                        Level = 1,
                        Exact = true,
                    }
                )
            )
            .ToBeVisibleAsync();
        await screen.InspectAsync("security-off");
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Set up two-factor authentication").ClickAsync();
        await Assertions
            .Expect(screen.Page.GetByRole(AriaRole.Img, new() { Name = "QR code for your authenticator app" }))
            .ToBeVisibleAsync();
        var key = (await screen.Page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await screen.InspectAsync("security-set-up");
        await screen.Field("Code").FillAsync("000000");
        await screen.Button("Turn on").ClickAsync();
        await screen.SeesAsync("The code is not right");
        Assert.Equal(
            key,
            (await screen.Page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal)
        ); // the key that the app has
        await screen.Field("Code").FillAsync(Authenticator.Code(key));
        await screen.Button("Turn on").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#recovery-codes li")).ToHaveCountAsync(10);
        var recovery = await screen.Page.Locator("#recovery-codes li").AllInnerTextsAsync();
        await screen.InspectAsync("security-codes");
        await screen.Link("I have saved my codes").ClickAsync();
        await Assertions.Expect(screen.Heading("Two-factor authentication is on")).ToBeVisibleAsync();
        await screen.DoesNotSeeAsync(recovery[0]);
        await screen.InspectAsync("security-on");

        // The next sign-in asks only for the code.
        await screen.SignOutAsync();
        await screen.GoAsync("/sign-in?to=/account/sessions");
        await screen.SignInHereAsync(email, password);
        await Assertions.Expect(screen.Heading("Enter your code")).ToBeVisibleAsync();
        Assert.DoesNotContain(password, await screen.Page.ContentAsync(), StringComparison.Ordinal);
        await screen.InspectAsync("sign-in-code");
        await screen.Field("Code").FillAsync("123456");
        await screen.Button("Sign in").ClickAsync();
        await screen.SeesAsync("This code is wrong");
        await screen.Field("Code").FillAsync(recovery[0]);
        await screen.Button("Sign in").ClickAsync();
        await Assertions.Expect(screen.Heading("Your devices")).ToBeVisibleAsync();

        // Turned off with another recovery code.
        await screen.GoAsync("/security");
        await screen.Link("Turn off").ClickAsync();
        await screen.Field("Code").FillAsync(recovery[0]);
        await screen.Button("Turn off").ClickAsync();
        await screen.SeesAsync("The code is not right, or was used before.");
        await screen.InspectAsync("security-turn-off");
        await screen.Field("Code").FillAsync(recovery[1]);
        await screen.Button("Turn off").ClickAsync();
        await screen.SeesAsync("Two-factor authentication is off.");
    }

    [Fact]
    public async Task Without_JavaScript_a_person_signs_up_confirms_and_turns_on_two_factor_authentication()
    {
        var site = await Site.StartedAsync();
        await using var screen = await site.OpenAsync(Device.NoScript);
        var (email, password) = (People.NewEmail(), People.NewPassword());
        await screen.GoAsync("/sign-in?to=/security");
        await screen.Link("Create an account").ClickAsync();
        await screen.Field("First name").FillAsync("Mia");
        await screen.Field("Last name").FillAsync("Hart");
        await screen.Field("Email").FillAsync(email);
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Create account").ClickAsync();
        await screen.SeesAsync("Check your inbox");

        var first = await site.Host.Mail.WaitFor(email, mail => mail.Token is not null);
        await screen.Button("Send the link again").ClickAsync();
        var second = await site.Host.Mail.WaitFor(
            email,
            mail => mail.Token is not null && mail.File != first.File,
            "the mail once more"
        );
        await screen.GoAsync(second.Link!);
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Confirm my email").ClickAsync();
        await screen.SignInHereAsync(email, password);

        // The sign-in returns to the page from before the sign-up.
        await screen.Field("Password").FillAsync(password);
        await screen.Button("Set up two-factor authentication").ClickAsync();
        var key = (await screen.Page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await screen.Field("Code").FillAsync(Authenticator.Code(key));
        await screen.Button("Turn on").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#recovery-codes li")).ToHaveCountAsync(10);
        // These buttons need JavaScript.
        await Assertions.Expect(screen.Page.Locator("[data-script]:visible")).ToHaveCountAsync(0);
        await screen.InspectAsync("security-codes");
    }

    [Theory]
    [InlineData("phone")]
    [InlineData("no-script")]
    public async Task With_a_temporary_password_nothing_else_works_until_it_is_changed(string device)
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var owner = group.Owner;
        var (email, temporary, password) = (People.NewEmail(), People.NewPassword(), People.NewPassword());
        (await owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", temporary))).Should(201);

        await using var screen = await site.OpenAsync(Screens.Named(device));
        await screen.GoAsync($"/sign-in?to=/practice/{group.Id}/patients");
        await screen.SignInHereAsync(email, temporary);
        await screen.SeesAsync("Choose your own password");
        await screen.InspectAsync("change-password-forced");
        foreach (var page in new[] { $"/practice/{group.Id}/patients", "/notifications", "/account", "/security" })
        {
            await screen.GoAsync(page);
            await screen.SeesAsync("Choose your own password");
        }

        await screen.Field("Temporary password").FillAsync("not that one at all");
        await screen.Field("New password").FillAsync(password);
        await screen.Button("Set my password").ClickAsync();
        await screen.SeesAsync("The current password is not right.");
        await screen.Field("Temporary password").FillAsync(temporary);
        await screen.Field("New password").FillAsync(password);
        await screen.Button("Set my password").ClickAsync();
        await screen.SeesAsync("Your password is changed.");
        await screen.GoAsync($"/practice/{group.Id}/patients");
        await screen.SeesAsync("No patients yet");
    }

    [Fact]
    public async Task A_person_added_by_a_practice_chooses_a_password_through_the_welcome_link()
    {
        var site = await Site.StartedAsync();
        var group = await site.NewGroupAsync();
        var owner = group.Owner;
        var (email, password) = (People.NewEmail(), People.NewPassword());
        (await owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", People.NewPassword()))).Should(
            201
        );
        var mail = await site.Host.Mail.WaitFor(email, mail => mail.Token is not null);

        await using var screen = await site.OpenAsync(Device.PhoneDark);
        await screen.GoAsync($"/confirm-email?token={Uri.EscapeDataString(mail.Token!)}");
        await screen.Button("Confirm my email").ClickAsync();
        await Assertions.Expect(screen.Field("New password")).ToBeFocusedAsync();
        await screen.InspectAsync("confirm-email-password");
        await screen.Field("New password").FillAsync("too short");
        await screen.Button("Set password and confirm").ClickAsync();
        await screen.SeesAsync("From 12 to 128 characters.");
        await screen.Field("New password").FillAsync(password);
        await screen.Button("Set password and confirm").ClickAsync();
        await screen.SeesAsync("your password is set. Please sign in.");
        await screen.SignInAsync(
            new Person(site.Host, default, email, password, "", "", site.Host.Api),
            $"/practice/{group.Id}/patients"
        );
        await screen.SeesAsync("No patients yet");
    }

    [Theory]
    [InlineData("desktop-dark")]
    [InlineData("no-script")]
    public async Task A_forgotten_password_is_reset_by_email(string device)
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        await using var screen = await site.OpenAsync(Screens.Named(device));
        await screen.GoAsync("/sign-in");
        await screen.Link("Forgot your password?").ClickAsync();
        await Assertions.Expect(screen.Heading("Forgot your password?")).ToBeVisibleAsync();
        await screen.InspectAsync("forgot-password");
        await screen.Field("Email").FillAsync(person.Email);
        await screen.Button("Send link").ClickAsync();
        await screen.SeesAsync("If there is an account with that email");
        await screen.InspectAsync("forgot-password-sent");

        var mail = await site.Host.Mail.WaitFor(person.Email, "new password");
        await screen.GoAsync($"/reset-password?token={Uri.EscapeDataString(mail.Token!)}");
        await screen.Field("New password").FillAsync("password1234");
        await screen.Button("Set password").ClickAsync();
        await screen.SeesAsync("This password is easy to guess.");
        await screen.InspectAsync("reset-password");
        var password = People.NewPassword();
        await screen.Field("New password").FillAsync(password);
        await screen.Button("Set password").ClickAsync();
        await screen.SeesAsync("Your new password is set.");
        await screen.SignInAsync(person with { Password = password }, "/account");
        await screen.SeesAsync("You sign in with");

        await screen.GoAsync($"/reset-password?token={Uri.EscapeDataString(mail.Token!)}");
        await screen.Field("New password").FillAsync(People.NewPassword());
        await screen.Button("Set password").ClickAsync();
        await screen.SeesAsync("This link was used or replaced");
    }

    [Fact]
    public async Task A_person_changes_name_email_and_preferences_and_signs_out_other_devices()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        await using var other = await site.OpenAsync(Device.Desktop);
        await other.SignInAsync(person, "/account");
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await screen.SignInAsync(person, "/account");
        await screen.InspectAsync("account");

        await screen.Field("First name").FillAsync("Maximiliana-Konstantina");
        await screen.Button("Save name").ClickAsync();
        await screen.SeesAsync("Your name is saved.");
        await other.Field("First name").FillAsync("Somebody else");
        await other.Button("Save name").ClickAsync();
        // It was changed on the other device.
        await Assertions.Expect(other.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(screen.Field("First name")).ToHaveValueAsync("Maximiliana-Konstantina");

        var email = People.NewEmail();
        await screen.Field("New email").FillAsync(email);
        await screen.Field("Your password").FillAsync("not my password");
        await screen.Button("Send link").ClickAsync();
        await Assertions.Expect(screen.Field("Your password")).ToBeFocusedAsync();
        await screen.SeesAsync("The password is not right.");
        await screen.Field("Your password").FillAsync(person.Password);
        await screen.Button("Send link").ClickAsync();
        await screen.SeesAsync("Check the inbox of your new email");
        var mail = await site.Host.Mail.WaitFor(email, mail => mail.Token is not null);
        await screen.GoAsync($"/confirm-email?change&token={Uri.EscapeDataString(mail.Token!)}");
        await screen.Button("Confirm my email").ClickAsync();
        await screen.SeesAsync("Your email is confirmed.");
        await screen.SeesAsync(email);

        var password = People.NewPassword();
        await screen.Link("Change password").ClickAsync();
        await screen.Field("Current password").FillAsync("not my password");
        await screen.Field("New password").FillAsync(password);
        await screen.Button("Change password").ClickAsync();
        await Assertions.Expect(screen.Field("Current password")).ToBeFocusedAsync();
        await screen.InspectAsync("change-password");
        await screen.Field("Current password").FillAsync(person.Password);
        await screen.Field("New password").FillAsync(password);
        await screen.Button("Change password").ClickAsync();
        await screen.SeesAsync("Your password is changed.");
        await other.GoAsync("/account");
        await other.SeesAsync("Your session has ended. Please sign in again.");
        await other.SignInHereAsync(email, password);
        await Assertions.Expect(other.Heading("Your account")).ToBeVisibleAsync();

        await screen.Link("Emails").ClickAsync();
        await screen.Page.GetByRole(AriaRole.Switch, new() { Name = "Memberships" }).UncheckAsync();
        await screen.Button("Save").ClickAsync();
        await screen.SeesAsync("Your email preferences are saved.");
        await Assertions
            .Expect(screen.Page.GetByRole(AriaRole.Switch, new() { Name = "Memberships" }))
            .Not.ToBeCheckedAsync();
        await Assertions
            .Expect(screen.Page.GetByRole(AriaRole.Switch, new() { Name = "Invitations" }))
            .ToBeCheckedAsync();
        await screen.InspectAsync("account-mail");

        // The other device is signed out. Its next page redirects to the sign-in page, and then back.
        await screen.Link("Devices").ClickAsync();
        await Assertions.Expect(screen.Heading("Your devices")).ToBeVisibleAsync();
        var others = screen.Page.Locator(
            ".rows > li",
            new() { HasText = "Chrome on Linux", HasNotText = "This device" }
        );
        await screen.InspectAsync("account-sessions");
        await others.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First.ClickAsync();
        await screen.Page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await screen.SeesAsync("Chrome on Linux is signed out.");
        await other.GoAsync("/account/mail");
        await other.SeesAsync("Your session has ended. Please sign in again.");
        await other.SignInHereAsync(email, password);
        await Assertions.Expect(other.Heading("Email preferences")).ToBeVisibleAsync();

        await screen.GoAsync("/account/sessions");
        await screen.Button("Sign out everywhere").ClickAsync();
        await screen.InspectAsync("account-sessions-ask");
        await screen
            .Page.Locator("dialog[open]")
            .GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" })
            .ClickAsync();
        await screen.SeesAsync("You are signed out.");
        await other.GoAsync("/account");
        await other.SeesAsync("Your session has ended. Please sign in again.");
    }

    [Fact]
    public async Task A_practice_that_requires_two_factor_authentication_redirects_to_its_setup_and_back()
    {
        var site = await Site.StartedAsync();
        var owner = await site.Host.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        var member = await group.AddsNewPerson();
        await Authenticator.EnableFor(owner);
        (
            await owner.Api.Change(
                group.Path,
                new
                {
                    name = group.Name,
                    reminders = new { enabled = false, hoursBefore = 24 },
                    invoices = new { currency = "AUD", dueAfterDays = 14 },
                    requireTwoFactor = true,
                }
            )
        ).Should(204);

        await using var screen = await site.OpenAsync(Device.Phone);
        await screen.SignInAsync(member, $"/practice/{group.Id}/patients");
        await screen.SeesAsync("That practice requires two-factor authentication.");
        await screen.InspectAsync("security-asked");
        await screen.Field("Password").FillAsync(member.Password);
        await screen.Button("Set up two-factor authentication").ClickAsync();
        var key = (await screen.Page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await screen.Field("Code").FillAsync(Authenticator.Code(key));
        await screen.Button("Turn on").ClickAsync();
        await screen.Link("I have saved my codes").ClickAsync();
        await screen.SeesAsync("No patients yet");
    }

    [Fact]
    public async Task A_person_without_app_and_codes_says_so_and_whoever_is_signed_in_can_keep_the_second_factor()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        var app = await Authenticator.EnableFor(person);
        await using var signedIn = await site.OpenAsync(Device.DesktopAndPhoneDark);
        await signedIn.GoAsync("/sign-in?to=/security");
        await signedIn.SignInHereAsync(person.Email, person.Password);
        await signedIn.Field("Code").FillAsync(app.Next());
        await signedIn.Button("Sign in").ClickAsync();
        await signedIn.SeesAsync("Two-factor authentication is on");
        await signedIn.DoesNotSeeAsync("are lost");

        await using var lost = await site.OpenAsync(Device.NoScript);
        await lost.GoAsync("/sign-in");
        await lost.SignInHereAsync(person.Email, person.Password);
        await lost.Link("Set a new password").ClickAsync();
        await lost.Field("Email").FillAsync(person.Email);
        await lost.Button("Send link").ClickAsync();
        var mail = await site.Host.Mail.WaitFor(person.Email, "Set a new password");
        await lost.GoAsync(mail.Link!);
        await lost.InspectAsync("reset-password");
        await lost.Field("New password").FillAsync(People.NewPassword());
        await lost.Page.GetByLabel("I can no longer get a code").CheckAsync();
        await lost.Button("Set password").ClickAsync();
        await lost.SeesAsync("sign in without a code in 24 hours");

        await signedIn.GoAsync("/security");
        await signedIn.SeesAsync("can be turned off without a code in 24 hours.");
        await signedIn.InspectAsync("security-second-factor-lost");
        await signedIn.Button("Keep it on").ClickAsync();
        await signedIn.SeesAsync("Two-factor authentication stays on.");
        await signedIn.DoesNotSeeAsync("are lost");

        var announced = await site.Host.Mail.WaitFor(person.Email, "turns off in 24 hours");
        await lost.GoAsync(announced.Link!);
        await lost.InspectAsync("keep-two-factor");
        await lost.Button("Keep it on").ClickAsync();
        await Assertions.Expect(lost.Heading("Two-factor authentication stays on")).ToBeVisibleAsync();
        await lost.InspectAsync("keep-two-factor-done");
    }

    /// <summary>
    /// Every link in an email opens a page, some of them after the sign-in.
    /// </summary>
    [Fact]
    public async Task Every_link_in_an_email_opens_a_page()
    {
        var site = await Site.StartedAsync();
        var person = await site.Host.SignUpAndConfirm();
        await using var screen = await site.OpenAsync(Device.DesktopAndPhoneDark);
        foreach (
            var path in new[]
            {
                "confirm-email?token=x",
                "reset-password?token=x",
                "unsubscribe?token=x",
                "keep-two-factor?token=x",
                "confirm-email?password&token=x",
                "sign-in",
                "sign-up",
                "forgot-password",
            }
        )
        {
            var answer = await screen.Page.GotoAsync($"/{path}");
            Assert.True(answer!.Status == 200, $"{path}: {answer.Status}");
        }

        await screen.GoAsync("/unsubscribe?token=x");
        await screen.InspectAsync("unsubscribe");
        await screen.Button("Unsubscribe").ClickAsync();
        await screen.SeesAsync("We did not send this link.");
        await screen.GoAsync("/unsubscribe?done");
        await screen.InspectAsync("unsubscribe-done");
        await screen.SignInAsync(person);
        foreach (var path in new[] { "notifications", "security", "account" })
        {
            var answer = await screen.Page.GotoAsync($"/{path}");
            Assert.True(
                answer!.Status == 200 && screen.Page.Url.EndsWith(path, StringComparison.Ordinal),
                $"{path}: {answer.Status} {screen.Page.Url}"
            );
        }
    }
}
