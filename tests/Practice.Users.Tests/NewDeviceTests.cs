namespace Practice.Users.Tests;

/// <summary>Who signs in with a new device or from a new place is told to the person.</summary>
public sealed class NewDeviceTests
{
    private const string Subject = "New sign-in";
    private const string FirefoxOnLinux = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task A_sign_in_with_a_new_device_is_told_and_the_next_one_with_it_is_not()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm(); // with a client that names no device
        var firefox = app.Api.WithHeader("User-Agent", FirefoxOnLinux);

        (await SignsIn(firefox, person)).Should(200);
        var mail = await app.Mail.WaitFor(person.Email, Subject);
        Assert.Contains("Device: Firefox on Linux", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Network address: 127.0.0.1", mail.Text, StringComparison.Ordinal);

        var updated = FirefoxOnLinux.Replace("140.0", "141.0", StringComparison.Ordinal);
        (await SignsIn(app.Api.WithHeader("User-Agent", updated), person)).Should(200);
        (await app.TrySignIn(person.Email, person.Password)).Should(200);
        await AssertMails(app, person.Email, 1);
    }

    [Fact]
    public async Task A_sign_in_from_a_new_place_is_told_and_the_first_sign_in_of_all_is_not()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await AssertMails(app, person.Email, 0);

        (await SignsIn(app.ApiFrom("127.0.9.1"), person)).Should(200);
        var mail = await app.Mail.WaitFor(person.Email, Subject);
        Assert.Contains("Network address: 127.0.9.1", mail.Text, StringComparison.Ordinal);
        (await SignsIn(app.ApiFrom("127.0.9.1"), person)).Should(200);
        await AssertMails(app, person.Email, 1);
    }

    /// <summary>Anyone chooses the name of their device, and a practice the address of the person it adds.</summary>
    [Fact]
    public async Task Nobody_has_words_of_their_own_sent_to_an_address_of_their_choice()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        foreach (var name in new[] { "First", "Second", "Third" })
            (await SignsIn(app.Api.WithHeader("User-Agent", name), added.Email, added.Password)).Should(200);
        await AssertMails(app, added.Email, 0); // no owner has confirmed the address

        var person = await app.SignUpAndConfirm();
        const string words = "Your-account-is-locked,visit-www.evil.example";
        var elsewhere = app.ApiFrom("127.0.9.4").WithHeader("User-Agent", words);
        (await SignsIn(elsewhere, person.Email, person.Password)).Should(200);
        var mail = await app.Mail.WaitFor(person.Email, Subject);
        Assert.Contains("Device: An unknown device", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_new_password_only_the_place_where_it_was_set_is_known()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var thief = app.ApiFrom("127.0.9.3").WithHeader("User-Agent", FirefoxOnLinux);
        (await SignsIn(thief, person.Email, person.Password)).Should(200);
        await app.Mail.WaitFor(person.Email, Subject);

        var password = People.NewPassword();
        (
            await person.Api.Put(
                "/api/users/me/password",
                new { currentPassword = person.Password, newPassword = password }
            )
        ).Should(204);
        (await SignsIn(app.Api, person.Email, password)).Should(200); // here
        await AssertMails(app, person.Email, 1);

        (await SignsIn(thief, person.Email, password)).Should(200);
        await Eventually.Is(() => Task.FromResult(Mails(app, person.Email) == 2));
    }

    [Fact]
    public async Task A_session_that_was_left_open_does_not_switch_these_emails_off()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var off = new
        {
            onboarding = true,
            invitations = true,
            memberships = true,
            newSignIns = false,
        };
        await app.VerificationEnds(person.Id);
        (await person.Api.Change("/api/users/me/mail-preferences", off)).Should(403, "auth.verification_required");
        (await person.Api.Post("/api/users/me/verify", new { person.Password })).Should(204);
        (await person.Api.Change("/api/users/me/mail-preferences", off)).Should(204);
        await app.VerificationEnds(person.Id);
        (await person.Api.Change("/api/users/me/mail-preferences", off)).Should(204); // off already
    }

    [Fact]
    public async Task A_person_can_switch_these_emails_off_and_front_ends_that_do_not_know_them_leave_them_as_they_are()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        const string preferences = "/api/users/me/mail-preferences";
        Assert.True((await person.Api.Get(preferences))["newSignIns"].GetBoolean());
        var chosen = new
        {
            onboarding = true,
            invitations = true,
            memberships = true,
            newSignIns = false,
        };
        (await person.Api.Change(preferences, chosen)).Should(204);
        (
            await person.Api.Change(
                preferences,
                new
                {
                    onboarding = true,
                    invitations = true,
                    memberships = true,
                }
            )
        ).Should(204);
        Assert.False((await person.Api.Get(preferences))["newSignIns"].GetBoolean());

        (await SignsIn(app.ApiFrom("127.0.9.2"), person)).Should(200);
        await AssertMails(app, person.Email, 0);
    }

    private static Task<Answer> SignsIn(ApiClient api, Person person) => SignsIn(api, person.Email, person.Password);

    private static Task<Answer> SignsIn(ApiClient api, string email, string password) =>
        api.Post("/api/users/sign-in", new { email, password });

    private static int Mails(TestApp app, string email) =>
        app.Mail.To(email).Count(mail => mail.Subject.StartsWith(Subject, StringComparison.Ordinal));

    /// <summary>An email that was requested later has arrived: what was sent before it is there too.</summary>
    private static async Task AssertMails(TestApp app, string email, int expected)
    {
        (await app.Api.Post("/api/users/forgot-password", new { email })).Should(202);
        await app.Mail.WaitFor(email, "Set a new password");
        Assert.Equal(expected, Mails(app, email));
    }
}
