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
        await AssertMails(app, person, 1);
    }

    [Fact]
    public async Task A_sign_in_from_a_new_place_is_told_and_the_first_sign_in_of_all_is_not()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await AssertMails(app, person, 0);

        (await SignsIn(app.ApiFrom("127.0.9.1"), person)).Should(200);
        var mail = await app.Mail.WaitFor(person.Email, Subject);
        Assert.Contains("Network address: 127.0.9.1", mail.Text, StringComparison.Ordinal);
        (await SignsIn(app.ApiFrom("127.0.9.1"), person)).Should(200);
        await AssertMails(app, person, 1);
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
        await AssertMails(app, person, 0);
    }

    private static Task<Answer> SignsIn(ApiClient api, Person person) =>
        api.Post("/api/users/sign-in", new { person.Email, person.Password });

    /// <summary>An email that was requested later has arrived: what was sent before it is there too.</summary>
    private static async Task AssertMails(TestApp app, Person person, int expected)
    {
        (await app.Api.Post("/api/users/forgot-password", new { person.Email })).Should(202);
        await app.Mail.WaitFor(person.Email, "Set a new password");
        Assert.Equal(
            expected,
            app.Mail.To(person.Email).Count(mail => mail.Subject.StartsWith(Subject, StringComparison.Ordinal))
        );
    }
}
