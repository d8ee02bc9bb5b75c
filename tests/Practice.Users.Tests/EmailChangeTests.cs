using Practice.Users.Domain;
using Practice.Users.Email;

namespace Practice.Users.Tests;

public sealed class EmailChangeTests
{
    [Fact]
    public async Task The_email_changes_when_the_link_sent_to_the_new_address_is_followed_and_practices_are_updated()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (group, email) = (await person.CreatesGroup(), $"New.{People.NewEmail()}");

        (await person.RequestsEmail(email)).Should(202);
        var mail = await app.Mail.WaitFor(email, "new email");
        Assert.Null((await app.Mail.WaitFor(person.Email, "email is about to change")).Token);
        Assert.Equal(person.Email, (await person.Api.Get("/api/users/me"))["email"].GetString());
        (await app.Confirm(mail.Token, People.NewPassword())).ShouldReject("password");
        (await person.ConfirmsEmail(mail.Token)).Should(204);

        Assert.Equal(email, (await person.Api.Get("/api/users/me"))["email"].GetString());
        (await app.TrySignIn(person.Email, person.Password)).Should(401);
        (await app.TrySignIn(email.ToUpperInvariant(), person.Password)).Should(200);
        await Eventually.Is(async () => (await group.MemberOf(person))["email"].GetString() == email);
        (await person.ConfirmsEmail(mail.Token)).Should(410, "users.link_expired");
        (await app.ConfirmByPassword(mail.Token, person.Password)).Should(410, "users.link_expired");
        Assert.Equal(1, await app.Audited(person.Id, "users.email_changed"));
    }

    /// <summary>Anybody can ask for anybody's address, whose owner may click without a thought.</summary>
    [Fact]
    public async Task Nobody_but_the_account_that_asked_takes_on_the_new_address()
    {
        var app = await TestApp.StartedAsync();
        var (asks, other, email) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm(), People.NewEmail());
        (await asks.RequestsEmail(email)).Should(202);
        var mail = await app.Mail.WaitFor(email, "new email");
        Assert.Contains($"{asks.FirstName} {asks.LastName}", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(asks.Email, mail.Text, StringComparison.Ordinal);

        (await app.Confirm(mail.Token)).Should(422, "users.current_password_required");
        (await app.ConfirmByPassword(mail.Token, other.Password)).Should(422, "users.wrong_password");
        (await other.ConfirmsEmail(mail.Token)).Should(409, "users.link_of_another_account");
        (await app.Api.Post("/api/users/me/email/confirm", new { token = mail.Token })).Should(401);
        Assert.Equal(asks.Email, (await asks.Api.Get("/api/users/me"))["email"].GetString());
        Assert.Equal(0, await app.Audited(asks.Id, "users.email_changed"));

        (await app.ConfirmByPassword(mail.Token, asks.Password)).Should(204);
        Assert.Equal(email, (await asks.Api.Get("/api/users/me"))["email"].GetString());
    }

    [Fact]
    public async Task Wrong_passwords_for_a_new_address_are_counted_with_all_others()
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await person.RequestsEmail(email)).Should(202);
        var token = (await app.Mail.WaitFor(email)).Token;
        for (var failure = 1; failure <= 5; failure++)
            (await app.ConfirmByPassword(token, "not the password")).Should(422, "users.wrong_password");

        Assert.NotNull(
            (await app.ConfirmByPassword(token, person.Password)).Should(429, "users.locked_out").Headers.RetryAfter
        );
        (await person.ConfirmsEmail(token)).Should(204);
    }

    [Fact]
    public async Task A_link_of_another_kind_changes_no_email()
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await app.SignUp(email)).Should(201);
        (await person.ConfirmsEmail((await app.Mail.WaitFor(email)).Token)).Should(422, "users.link_invalid");
        (await person.Api.Post("/api/users/me/email/confirm", "{}")).ShouldReject("token");
    }

    [Fact]
    public async Task The_password_must_be_right_and_wrong_ones_are_counted()
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
    public async Task An_address_with_an_account_gets_the_same_answer_and_its_owner_gets_the_email()
    {
        var app = await TestApp.StartedAsync();
        var (person, owner, free) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm(), People.NewEmail());

        var taken = (await person.RequestsEmail(owner.Email.ToUpperInvariant())).Should(202);
        Assert.Null((await app.Mail.WaitFor(owner.Email, "already in use")).Token);
        var open = (await person.RequestsEmail(free)).Should(202);

        Assert.Equal(open.Text, taken.Text);
        await app.Mail.WaitFor(free, "new email");
        await Eventually.Is(() =>
            Task.FromResult(
                app.Mail.To(person.Email).Count(mail => mail.Subject == "Your email is about to change") == 2
            )
        );
        Assert.DoesNotContain(app.Mail.To(owner.Email), mail => mail.Subject == "Confirm your new email");
    }

    [Fact]
    public async Task A_newer_request_replaces_an_older_one()
    {
        var app = await TestApp.StartedAsync();
        var (person, first, second) = (await app.SignUpAndConfirm(), People.NewEmail(), People.NewEmail());
        (await person.RequestsEmail(first)).Should(202);
        var old = (await app.Mail.WaitFor(first)).Token;
        (await person.RequestsEmail(second)).Should(202);

        (await person.ConfirmsEmail(old)).Should(410, "users.link_expired");
        (await app.ConfirmByPassword(old, person.Password)).Should(410, "users.link_expired");
        (await person.ConfirmsEmail((await app.Mail.WaitFor(second)).Token)).Should(204);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changing_or_resetting_the_password_cancels_a_pending_change(bool reset)
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await person.RequestsEmail(email)).Should(202);
        var token = (await app.Mail.WaitFor(email)).Token;

        var change = reset
            ? await app.Api.Post(
                "/api/users/reset-password",
                new
                {
                    token = await app.IssueLink(LinkPurpose.ResetPassword, person.Id),
                    password = People.NewPassword(),
                }
            )
            : await person.Api.Put(
                "/api/users/me/password",
                new { currentPassword = person.Password, newPassword = People.NewPassword() }
            );

        change.Should(204);
        (await app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task An_unconfirmed_account_cannot_change_its_email()
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
    public async Task Changing_to_an_email_deletes_its_sign_ups_and_voids_the_links_sent_to_the_old_one()
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await app.SignUp(email)).Should(201);
        var signUp = (await app.Mail.WaitFor(email)).Token;
        (await app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
        var reset = (await app.Mail.WaitFor(person.Email, "new password")).Token;

        (await person.RequestsEmail(email)).Should(202);
        (await person.ConfirmsEmail((await app.Mail.WaitFor(email, "new email")).Token)).Should(204);

        (await app.Confirm(signUp)).Should(410, "users.link_expired");
        (
            await app.Api.Post("/api/users/reset-password", new { token = reset, password = People.NewPassword() })
        ).Should(410, "users.link_expired");
        var late = await app.InvokeAsSystem(new IssueLinkToken(LinkPurpose.ResetPassword, person.Id, person.Email));
        Assert.True(late.IsError); // the email to the old address had to wait for the mail server
    }

    [Fact]
    public async Task The_email_does_not_change_if_the_new_address_was_taken_meanwhile()
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await person.RequestsEmail(email)).Should(202);
        var token = (await app.Mail.WaitFor(email)).Token;
        await app.AddsPerson(email);

        (await person.ConfirmsEmail(token)).Should(410, "users.link_expired");
        (await app.ConfirmByPassword(token, person.Password)).Should(410, "users.link_expired");
        Assert.Equal(person.Email, (await person.Api.Get("/api/users/me"))["email"].GetString());
    }
}

/// <summary>These move the host's clock forward, or wait for all its messages.</summary>
[Collection(OwnHost.Collection)]
public sealed class EmailChangeTimeTests(OwnHost host)
{
    private readonly TestApp _app = host.App;

    [Fact]
    public async Task A_change_of_email_must_be_confirmed_within_24_hours()
    {
        var (person, email) = (await _app.SignUpAndConfirm(), People.NewEmail());
        (await person.RequestsEmail(email)).Should(202);
        var token = (await _app.Mail.WaitFor(email)).Token;
        _app.Clock.Advance(TimeSpan.FromHours(24));
        (await _app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task Nobody_floods_another_persons_mailbox_by_changing_to_it()
    {
        var (person, owner, stranger) = (
            await _app.SignUpAndConfirm(),
            await _app.SignUpAndConfirm(),
            People.NewEmail()
        );
        for (var time = 1; time <= 11; time++)
        {
            (await person.RequestsEmail(stranger)).Should(202);
            await _app.SettlesAsync(); // a newer request replaces one that was not emailed yet
            (await person.RequestsEmail(owner.Email)).Should(202);
        }

        await _app.SettlesAsync();
        Assert.Equal(10, _app.Mail.To(stranger).Count);
        Assert.Equal(1 + 3, _app.Mail.To(owner.Email).Count); // with the one that confirmed the sign-up
    }

    [Fact]
    public async Task Others_who_ask_for_an_address_use_up_nobodys_letter()
    {
        var (other, person, owner, free) = (
            await _app.SignUpAndConfirm(),
            await _app.SignUpAndConfirm(),
            await _app.SignUpAndConfirm(),
            People.NewEmail()
        );
        foreach (var address in (string[])[free, owner.Email])
            for (var time = 1; time <= 10; time++)
            {
                (await other.RequestsEmail(address)).Should(202);
                await _app.SettlesAsync();
            }

        (await person.RequestsEmail(free)).Should(202);
        await _app.SettlesAsync();
        Assert.Equal(11, _app.Mail.To(free).Count);
        (await person.ConfirmsEmail(_app.Mail.To(free)[^1].Token)).Should(204);

        (await person.RequestsEmail(owner.Email)).Should(202);
        await _app.SettlesAsync();
        Assert.Equal(1 + 3 + 1, _app.Mail.To(owner.Email).Count); // with the one that confirmed the sign-up
    }
}
