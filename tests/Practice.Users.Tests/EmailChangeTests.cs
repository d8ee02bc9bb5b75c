using Practice.Users.Domain;

namespace Practice.Users.Tests;

public sealed class EmailChangeTests
{
    [Fact]
    public async Task The_email_changes_when_the_link_mailed_to_the_new_address_is_followed_and_the_practices_follow()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (group, email) = (await person.CreatesGroup(), $"New.{People.NewEmail()}");

        (await person.AsksForEmail(email)).Should(202);
        var mail = await app.Mail.WaitFor(email, "new email");
        Assert.Null((await app.Mail.WaitFor(person.Email, "email is to be changed")).Token);
        Assert.Equal(person.Email, (await person.Api.Get("/api/users/me"))["email"].GetString());
        (await app.Confirm(mail.Token, People.NewPassword())).ShouldRefuse("password");
        (await app.Confirm(mail.Token)).Should(204);

        Assert.Equal(email, (await person.Api.Get("/api/users/me"))["email"].GetString());
        (await app.TrySignIn(person.Email, person.Password)).Should(401);
        (await app.TrySignIn(email.ToUpperInvariant(), person.Password)).Should(200);
        await Eventually.Is(async () => (await group.MemberOf(person))["email"].GetString() == email);
        (await app.Confirm(mail.Token)).Should(410, "users.link_expired");
        Assert.Equal(1, await app.Audited(person.Id, "users.email_changed"));
    }

    [Fact]
    public async Task The_password_must_be_right_and_guesses_at_it_are_counted()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var guess = new { newEmail = People.NewEmail(), password = "not the password" };
        for (var failure = 1; failure <= 5; failure++)
            (await person.Api.Post("/api/users/me/email", guess)).Should(422, "users.wrong_password");

        Assert.NotNull(
            (await person.Api.Post("/api/users/me/email", guess)).Should(429, "users.locked_out").Headers.RetryAfter
        );
        (await app.TrySignIn(person.Email, person.Password)).Should(429, "users.locked_out");
        Assert.Equal(0, await app.Count("email_changes", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task An_address_that_has_an_account_is_answered_alike_and_its_owner_is_mailed_instead()
    {
        var app = await TestApp.StartedAsync();
        var (person, owner, free) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm(), People.NewEmail());

        var taken = (await person.AsksForEmail(owner.Email.ToUpperInvariant())).Should(202);
        Assert.Null((await app.Mail.WaitFor(owner.Email, "in use already")).Token);
        var open = (await person.AsksForEmail(free)).Should(202);

        Assert.Equal(open.Text, taken.Text);
        await app.Mail.WaitFor(free, "new email");
        await Eventually.Is(() =>
            Task.FromResult(app.Mail.To(person.Email).Count(mail => mail.Subject == "Your email is to be changed") == 2)
        );
        Assert.DoesNotContain(app.Mail.To(owner.Email), mail => mail.Subject == "Confirm your new email");
    }

    [Fact]
    public async Task A_newer_request_replaces_an_older_one()
    {
        var app = await TestApp.StartedAsync();
        var (person, first, second) = (await app.SignUpAndConfirm(), People.NewEmail(), People.NewEmail());
        (await person.AsksForEmail(first)).Should(202);
        var old = (await app.Mail.WaitFor(first)).Token;
        (await person.AsksForEmail(second)).Should(202);

        (await app.Confirm(old)).Should(410, "users.link_expired");
        (await app.Confirm((await app.Mail.WaitFor(second)).Token)).Should(204);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_of_password_and_a_reset_end_an_outstanding_change(bool reset)
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await person.AsksForEmail(email)).Should(202);
        var token = (await app.Mail.WaitFor(email)).Token;

        var change = reset
            ? await app.Api.Post(
                "/api/users/reset-password",
                new { token = await app.Mint(LinkPurpose.ResetPassword, person.Id), password = People.NewPassword() }
            )
            : await person.Api.Put(
                "/api/users/me/password",
                new { currentPassword = person.Password, newPassword = People.NewPassword() }
            );

        change.Should(204);
        (await app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task A_never_confirmed_account_can_not_change_its_email()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var api = app.As((await app.TrySignIn(added.Email, added.Password)).Should(200));
        var asked = new { newEmail = People.NewEmail(), password = added.Password };
        (await api.Post("/api/users/me/email", asked)).Should(403, "users.password_change_required");
        var chosen = People.NewPassword();
        (
            await api.Put("/api/users/me/password", new { currentPassword = added.Password, newPassword = chosen })
        ).Should(204);

        (await api.Post("/api/users/me/email", asked with { password = chosen })).Should(
            403,
            "users.email_not_confirmed"
        );
        (await api.Post("/api/users/me/email", "{}")).Should(403, "users.email_not_confirmed");
    }

    [Fact]
    public async Task Changing_to_an_email_voids_the_sign_ups_for_it_and_the_links_that_went_to_the_old_one()
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await app.SignUp(email)).Should(201);
        var signUp = (await app.Mail.WaitFor(email)).Token;
        (await app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
        var reset = (await app.Mail.WaitFor(person.Email, "new password")).Token;

        (await person.AsksForEmail(email)).Should(202);
        (await app.Confirm((await app.Mail.WaitFor(email, "new email")).Token)).Should(204);

        (await app.Confirm(signUp)).Should(410, "users.link_expired");
        (
            await app.Api.Post("/api/users/reset-password", new { token = reset, password = People.NewPassword() })
        ).Should(410, "users.link_expired");
        var late = await app.Order(
            new Practice.Users.Mail.MintLink(LinkPurpose.ResetPassword, person.Id, person.Email)
        );
        Assert.True(late.IsError); // of a mail to the old address that waited for the mail server
    }

    [Fact]
    public async Task An_email_that_was_taken_meanwhile_is_not_changed_to()
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await person.AsksForEmail(email)).Should(202);
        var token = (await app.Mail.WaitFor(email)).Token;
        await app.AddsPerson(email);

        (await app.Confirm(token)).Should(410, "users.link_expired");
        Assert.Equal(person.Email, (await person.Api.Get("/api/users/me"))["email"].GetString());
    }
}

/// <summary>With the host's clock moved on, or all its messages waited for.</summary>
[Collection(OwnHost.Collection)]
public sealed class EmailChangeTimeTests(OwnHost host)
{
    private readonly TestApp _app = host.App;

    [Fact]
    public async Task A_change_of_email_is_confirmed_within_24_hours()
    {
        var (person, email) = (await _app.SignUpAndConfirm(), People.NewEmail());
        (await person.AsksForEmail(email)).Should(202);
        var token = (await _app.Mail.WaitFor(email)).Token;
        _app.Clock.Advance(TimeSpan.FromHours(24));
        (await _app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task Nobody_floods_anothers_mailbox_by_changing_to_it()
    {
        var (person, owner, stranger) = (
            await _app.SignUpAndConfirm(),
            await _app.SignUpAndConfirm(),
            People.NewEmail()
        );
        for (var time = 1; time <= 11; time++)
        {
            (await person.AsksForEmail(stranger)).Should(202);
            await _app.SettlesAsync(); // a newer request takes the place of one that is not mailed yet
            (await person.AsksForEmail(owner.Email)).Should(202);
        }

        await _app.SettlesAsync();
        Assert.Equal(10, _app.Mail.To(stranger).Count);
        Assert.Equal(10, _app.Mail.To(owner.Email).Count); // with the one that confirmed the sign-up
    }
}
