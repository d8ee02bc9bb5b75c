using Microsoft.Extensions.DependencyInjection;
using Practice.Contracts.Users;
using Practice.Users.Data;

namespace Practice.Users.Tests;

/// <summary>What expires. These move the clock forward, so they have their own host and run one by one.</summary>
[Collection(OwnHost.Collection)]
public sealed class TimeTests(OwnHost host)
{
    private readonly TestApp _app = host.App;

    [Fact]
    public async Task The_wait_after_failures_doubles_from_one_to_fifteen_minutes()
    {
        var email = People.NewEmail();
        for (var failure = 1; failure <= 5; failure++)
            (await _app.TrySignIn(email, "not the password")).Should(401);

        foreach (var minutes in (int[])[1, 2, 4, 8, 15, 15])
        {
            var locked = (await _app.TrySignIn(email, "not the password")).Should(429, "users.locked_out");
            Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, (minutes * 60) - 20, minutes * 60);
            _app.Clock.Advance(TimeSpan.FromMinutes(minutes));
            (await _app.TrySignIn(email, "not the password")).Should(401, "users.invalid_credentials");
        }
    }

    [Fact]
    public async Task After_the_wait_the_right_password_signs_in()
    {
        var person = await _app.SignUpAndConfirm();
        for (var failure = 1; failure <= 5; failure++)
            (await _app.TrySignIn(person.Email, "not the password")).Should(401);

        _app.Clock.Advance(TimeSpan.FromMinutes(1));

        (await _app.TrySignIn(person.Email, person.Password)).Should(200);
        (await _app.TrySignIn(person.Email, "not the password")).Should(401);
    }

    [Fact]
    public async Task A_sign_up_must_be_confirmed_within_24_hours_and_its_link_can_be_requested_again()
    {
        var email = People.NewEmail();
        (await _app.SignUp(email)).Should(201);
        var token = (await _app.Mail.WaitFor(email)).Token;
        _app.Clock.Advance(TimeSpan.FromHours(24));

        (await _app.Confirm(token)).Should(410, "users.link_expired");

        (await _app.Api.Post("/api/users/resend-confirmation", new { email })).Should(202);
        (await _app.Confirm((await _app.Mail.WaitFor(email, mail => mail.Token != token)).Token)).Should(204);
    }

    [Fact]
    public async Task A_passkeys_challenge_is_answered_within_five_minutes()
    {
        var person = await _app.SignUpAndConfirm();
        using var key = new SoftwarePasskey();
        (await key.AddTo(person)).Should(201);
        var (early, late) = (await Begin("sign-in/passkey"), await Begin("sign-in/passkey"));
        using var another = new SoftwarePasskey();
        var adding = await Begin("me/passkeys");

        _app.Clock.Advance(TimeSpan.FromSeconds(290));
        (await Answers("sign-in/passkey", early)).Should(200);
        _app.Clock.Advance(TimeSpan.FromSeconds(10));
        (await Answers("sign-in/passkey", late)).Should(401, "users.passkey_invalid");
        var body = PasskeyTests.Answered(adding["attemptId"].GetGuid(), another.Create(adding["options"]));
        body["name"] = "Late";
        (await person.Api.Post("/api/users/me/passkeys", body)).Should(422, "users.passkey_not_accepted");

        async Task<Answer> Begin(string what) => (await person.Api.Post($"/api/users/{what}/options")).Should(200);

        Task<Answer> Answers(string what, Answer begun) =>
            _app.Api.Post(
                $"/api/users/{what}",
                PasskeyTests.Answered(begun["attemptId"].GetGuid(), key.Get(begun["options"]))
            );
    }

    [Fact]
    public async Task A_reset_link_works_for_one_hour()
    {
        var person = await _app.SignUpAndConfirm();
        (await _app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
        var token = (await _app.Mail.WaitFor(person.Email, "new password")).Token;
        _app.Clock.Advance(TimeSpan.FromHours(1));

        (await _app.Api.Post("/api/users/reset-password", new { token, password = People.NewPassword() })).Should(
            410,
            "users.link_expired"
        );
        (await _app.TrySignIn(person.Email, person.Password)).Should(200);
    }

    [Fact]
    public async Task A_temporary_password_works_for_seven_days_and_then_gets_the_same_error_as_a_wrong_one()
    {
        var added = await _app.AddsPerson();
        var signedIn = (await _app.TrySignIn(added.Email, added.Password)).Should(200);
        _app.Clock.Advance(TimeSpan.FromDays(7));

        var late = (await _app.TrySignIn(added.Email, added.Password)).Should(401, "users.invalid_credentials");
        (await _app.Refresh(signedIn.RefreshToken())).Should(401, "users.refresh_token_invalid");

        Assert.Equal(
            (await _app.TrySignIn(People.NewEmail(), added.Password))["detail"].GetString(),
            late["detail"].GetString()
        );
    }

    [Fact]
    public async Task A_session_ends_after_90_days_however_often_it_is_refreshed()
    {
        var person = await _app.SignUpAndConfirm();
        var session = (await _app.TrySignIn(person.Email, person.Password)).Should(200);
        for (var days = 25; days < 90; days += 25)
        {
            _app.Clock.Advance(TimeSpan.FromDays(25));
            session = (await _app.Refresh(session.RefreshToken())).Should(200);
        }

        _app.Clock.Advance(TimeSpan.FromDays(15));
        (await _app.Refresh(session.RefreshToken())).Should(401, "users.refresh_token_invalid");
    }

    [Fact]
    public async Task A_session_that_an_earlier_release_kept_for_longer_is_over()
    {
        var person = await _app.SignUpAndConfirm();
        var session = (await _app.TrySignIn(person.Email, person.Password)).Should(200);
        await _app.Owner.Execute(
            "update users.sessions set created_at = created_at - interval '91 days' where account_id = $1",
            person.Id
        );
        (await _app.Refresh(session.RefreshToken())).Should(401, "users.refresh_token_invalid");
    }

    [Fact]
    public async Task A_refreshed_session_continues_and_one_without_refresh_ends_after_30_days()
    {
        var person = await _app.SignUpAndConfirm();
        var signedIn = (await _app.TrySignIn(person.Email, person.Password)).Should(200);
        _app.Clock.Advance(TimeSpan.FromDays(29));
        var refreshed = (await _app.Refresh(signedIn.RefreshToken())).Should(200);
        _app.Clock.Advance(TimeSpan.FromDays(29));
        var again = (await _app.Refresh(refreshed.RefreshToken())).Should(200);
        _app.Clock.Advance(TimeSpan.FromDays(30));

        (await _app.Refresh(again.RefreshToken())).Should(401, "users.refresh_token_invalid");
    }

    [Fact]
    public async Task An_unconfirmed_sign_up_is_deleted()
    {
        var email = People.NewEmail();
        (await _app.SignUp(email)).Should(201);
        _app.Clock.Advance(TimeSpan.FromDays(8));
        await _app.Services.GetRequiredService<ExpiredDataCleanup>().RunAsync(CancellationToken.None);

        Assert.Equal(0, await _app.Count("pending_sign_ups", "email = $1", email));
        Assert.Null((await _app.Query(new FindAccountByEmail(email))).Account);
    }
}
