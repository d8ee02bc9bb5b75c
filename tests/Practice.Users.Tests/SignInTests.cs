namespace Practice.Users.Tests;

public sealed class SignInTests
{
    [Fact]
    public async Task Strangers_who_guess_do_not_shut_a_person_out_where_they_have_signed_in_before()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm(); // at 127.0.0.1
        for (var stranger = 1; stranger <= 10; stranger++)
        {
            var api = app.ApiFrom($"127.0.7.{stranger}");
            for (var guess = 0; guess < 5; guess++)
                (await SignsIn(api, "not the password")).Should(401);
            (await SignsIn(api, person.Password)).Should(429, "users.locked_out");
        }

        // Fifty guesses are too many from places that nobody knows, however many there are.
        (await SignsIn(app.ApiFrom("127.0.8.1"), person.Password)).Should(429, "users.locked_out");
        (await app.TrySignIn(person.Email, person.Password)).Should(200);
        (await SignsIn(app.ApiFrom("127.0.8.1"), person.Password)).Should(429, "users.locked_out");

        Task<Answer> SignsIn(ApiClient api, string password) =>
            api.Post("/api/users/sign-in", new { email = person.Email, password });
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_email_get_the_same_error()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        var wrong = (await app.TrySignIn(person.Email, "not the password")).Should(401, "users.invalid_credentials");
        var unknown = (await app.TrySignIn(People.NewEmail(), "not the password")).Should(
            401,
            "users.invalid_credentials"
        );

        Assert.Equal(wrong["detail"].GetString(), unknown["detail"].GetString());
        Assert.Equal(
            wrong.Json.EnumerateObject().Select(field => field.Name),
            unknown.Json.EnumerateObject().Select(field => field.Name)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_five_failures_an_email_is_locked_out_with_or_without_an_account(bool hasAccount)
    {
        var app = await TestApp.StartedAsync();
        var email = hasAccount ? (await app.SignUpAndConfirm()).Email : People.NewEmail();
        for (var failure = 1; failure <= 5; failure++)
            (await app.TrySignIn(email, "not the password")).Should(401);

        var locked = (await app.TrySignIn(email, "not the password")).Should(429, "users.locked_out");

        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task While_an_email_is_locked_out_the_right_password_is_rejected_too()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        for (var failure = 1; failure <= 5; failure++)
            (await app.TrySignIn(person.Email, "not the password")).Should(401);

        (await app.TrySignIn(person.Email, person.Password)).Should(429, "users.locked_out");
    }

    [Fact]
    public async Task Signing_in_clears_earlier_failures()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        for (var round = 1; round <= 2; round++)
        {
            for (var failure = 1; failure <= 4; failure++)
                (await app.TrySignIn(person.Email, "not the password")).Should(401);
            (await app.TrySignIn(person.Email, person.Password)).Should(200);
        }
    }

    [Fact]
    public async Task Simultaneous_wrong_attempts_get_no_further_than_sequential_ones()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => app.TrySignIn(email, "not the password")));

        Assert.Equal(5, answers.Count(answer => answer.Status == 401));
        Assert.Equal(7, answers.Count(answer => answer.Status == 429));
    }

    [Fact]
    public async Task Signing_in_on_many_devices_at_once_does_not_lock_the_person_out()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => app.TrySignIn(person.Email, person.Password))
        );

        Assert.All(answers, answer => answer.Should(200));
    }

    [Fact]
    public async Task A_sign_in_returns_opaque_tokens_and_only_their_hashes_are_stored()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        var signedIn = (await app.TrySignIn(person.Email, person.Password)).Should(200);

        var (access, refresh) = (signedIn["accessToken"].GetString()!, signedIn.RefreshToken());
        Assert.Equal(900, signedIn["expiresIn"].GetInt32());
        Assert.False(signedIn["mustChangePassword"].GetBoolean());
        Assert.Equal(43, access.Length);
        Assert.Equal(
            1,
            await app.Owner.Scalar<long>(
                """
                select count(*) from authority.sessions
                where token_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex')
                """,
                access
            )
        );
        Assert.Equal(
            1,
            await app.Count("refresh_tokens", "token_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex')", refresh)
        );
        Assert.Equal(0, await app.Count("refresh_tokens", "token_hash = $1", refresh));
    }
}
