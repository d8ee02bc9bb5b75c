namespace Practice.Users.Tests;

public sealed class TwoFactorTests
{
    [Fact]
    public async Task With_two_factor_authentication_sign_in_needs_a_code_too()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (key, _) = await Enable(person.Api, person.Password);

        (await app.TrySignIn(person.Email, person.Password)).Should(401, "users.code_required");
        (await app.TrySignIn(person.Email, person.Password, "000000")).Should(401, "users.invalid_credentials");
        (await app.TrySignIn(person.Email, person.Password, Authenticator.Code(key, ahead: 1))).Should(200);
        Assert.Equal(1, await app.Audited(person.Id, "users.two_factor_enabled"));
        Assert.True((await person.Api.Get("/api/users/me"))["twoFactorEnabled"].GetBoolean());
    }

    [Fact]
    public async Task A_code_works_for_one_sign_in()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (key, _) = await Enable(person.Api, person.Password);
        var code = Authenticator.Code(key, ahead: 1);

        var answers = await Task.WhenAll(
            app.TrySignIn(person.Email, person.Password, code),
            app.TrySignIn(person.Email, person.Password, code)
        );

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Single(answers, answer => answer.Code == "users.invalid_credentials");
    }

    [Theory]
    [InlineData("0{0}")]
    [InlineData("+{0}")]
    [InlineData("00{0}")]
    [InlineData("{0}\u0660")]
    public async Task A_used_code_does_not_work_in_another_notation(string written)
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (key, _) = await Enable(person.Api, person.Password);
        var code = Authenticator.Code(key, ahead: 1);
        var typed = $" {code[..3]}\u00a0{code[3..]} "; // as apps show it, blanks and all
        (await app.TrySignIn(person.Email, person.Password, typed)).Should(200);
        (
            await app.TrySignIn(
                person.Email,
                person.Password,
                string.Format(System.Globalization.CultureInfo.InvariantCulture, written, code)
            )
        ).Should(401, "users.invalid_credentials");
    }

    [Fact]
    public async Task The_person_gets_an_email_when_two_factor_authentication_goes_on_or_off()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (key, _) = await Enable(person.Api, person.Password);
        await app.Mail.WaitFor(person.Email, "Two-factor authentication is on");
        (
            await person.Api.Post("/api/users/me/two-factor/disable", new { code = Authenticator.Code(key, ahead: 1) })
        ).Should(204);
        await app.Mail.WaitFor(person.Email, "Two-factor authentication is off");
        Assert.False((await person.Api.Get("/api/users/me"))["twoFactorEnabled"].GetBoolean());
    }

    [Fact]
    public async Task The_code_that_turned_it_on_does_not_sign_in()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (_, codes) = await Enable(person.Api, person.Password);
        (await app.TrySignIn(person.Email, person.Password, codes.Used)).Should(401, "users.invalid_credentials");
    }

    [Fact]
    public async Task A_recovery_code_replaces_the_app_once_and_is_stored_as_a_hash()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (_, codes) = await Enable(person.Api, person.Password);
        Assert.Equal(10, codes.Recovery.Distinct().Count());

        (await app.TrySignIn(person.Email, person.Password, codes.Recovery[0].ToLowerInvariant())).Should(200);
        (await app.TrySignIn(person.Email, person.Password, codes.Recovery[0])).Should(
            401,
            "users.invalid_credentials"
        );
        (await app.TrySignIn(person.Email, person.Password, codes.Recovery[1])).Should(200);
        Assert.All(codes.Recovery, code => Assert.Matches("^([2-9A-HJ-NP-Z]{6}-){3}[2-9A-HJ-NP-Z]{6}$", code));

        var stored = await app.Owner.Scalar<string>(
            "select string_agg(value, ' ') from users.account_tokens where user_id = $1",
            person.Id
        );
        Assert.DoesNotContain(codes.Recovery, code => stored!.Contains(code, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("-", "")]
    [InlineData("-", " ")]
    [InlineData("-", " – ")]
    public async Task A_recovery_code_is_known_however_its_dashes_are_typed(string dash, string typed)
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (_, codes) = await Enable(person.Api, person.Password);
        var code = $" {codes.Recovery[3].Replace(dash, typed, StringComparison.Ordinal)} ";
        (await app.TrySignIn(person.Email, person.Password, code)).Should(200);
    }

    [Theory]
    [InlineData("ABCDE-23456")]
    [InlineData("abcde23456")]
    public async Task The_shorter_recovery_codes_of_earlier_releases_still_work(string typed)
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await Enable(person.Api, person.Password);
        await app.Owner.Execute(
            """
            update users.account_tokens
            set value = encode(sha256(convert_to(replace($1::text, '-', '') || 'ABCDE-23456', 'UTF8')), 'hex')
            where user_id = $1 and name = 'RecoveryCodes'
            """,
            person.Id
        );
        (await app.TrySignIn(person.Email, person.Password, typed)).Should(200);
    }

    [Fact]
    public async Task Wrong_codes_count_as_failures_and_a_missing_code_neither_counts_nor_clears()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await Enable(person.Api, person.Password);
        for (var failure = 1; failure <= 5; failure++)
        {
            (await app.TrySignIn(person.Email, person.Password)).Should(401, "users.code_required");
            (await app.TrySignIn(person.Email, person.Password, "000000")).Should(401, "users.invalid_credentials");
        }

        (await app.TrySignIn(person.Email, person.Password)).Should(429, "users.locked_out");
    }

    [Fact]
    public async Task Two_factor_authentication_is_turned_on_and_off_only_with_a_code()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        (await person.Api.Post("/api/users/me/two-factor/enable", new { code = "123456" })).Should(
            409,
            "users.two_factor_not_set_up"
        );
        (await person.Api.Post("/api/users/me/two-factor/disable", new { code = "123456" })).Should(
            409,
            "users.two_factor_not_enabled"
        );

        var key = await Authenticator.KeyFor(person);
        (await person.Api.Post("/api/users/me/two-factor/enable", new { code = "nonsense" })).Should(
            422,
            "users.wrong_code"
        );
        (await app.TrySignIn(person.Email, person.Password)).Should(200);

        (await person.Api.Post("/api/users/me/two-factor/enable", new { code = Authenticator.Code(key) })).Should(200);
        (await person.Api.Post("/api/users/me/two-factor", new { password = person.Password })).Should(
            409,
            "users.two_factor_enabled"
        );
        (await person.Api.Post("/api/users/me/two-factor/disable", new { code = "nonsense" })).Should(
            422,
            "users.wrong_code"
        );
        (await app.TrySignIn(person.Email, person.Password)).Should(401, "users.code_required");

        (
            await person.Api.Post("/api/users/me/two-factor/disable", new { code = Authenticator.Code(key, ahead: 1) })
        ).Should(204);
        (await app.TrySignIn(person.Email, person.Password)).Should(200);
        Assert.Equal(1, await app.Audited(person.Id, "users.two_factor_disabled"));
    }

    [Fact]
    public async Task Wrong_codes_that_would_turn_it_off_are_counted()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await Enable(person.Api, person.Password);
        for (var failure = 1; failure <= 5; failure++)
            (await person.Api.Post("/api/users/me/two-factor/disable", new { code = "000000" })).Should(
                422,
                "users.wrong_code"
            );

        (await person.Api.Post("/api/users/me/two-factor/disable", new { code = "000000" })).Should(
            429,
            "users.locked_out"
        );
    }

    [Fact]
    public async Task Turning_it_on_ends_the_sessions_that_have_shown_no_code()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var older = await app.SignIn(person.Email, person.Password);
        await Enable(person.Api, person.Password);
        (await older.Get("/api/users/me")).Should(401);
        (await person.Api.Get("/api/users/me")).Should(200);
    }

    [Fact]
    public async Task A_new_password_gives_no_new_guesses_at_the_code()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await Enable(person.Api, person.Password);
        var current = person.Password;
        for (var round = 1; round <= 2; round++)
        {
            for (var guess = 1; guess <= 2; guess++)
                (await Disables()).Should(422, "users.wrong_code");
            var password = People.NewPassword();
            (
                await person.Api.Put(
                    "/api/users/me/password",
                    new { currentPassword = current, newPassword = password }
                )
            ).Should(204);
            current = password;
        }

        (await Disables()).Should(422, "users.wrong_code");
        (await Disables()).Should(429, "users.locked_out");

        Task<Answer> Disables() => person.Api.Post("/api/users/me/two-factor/disable", new { code = "000000" });
    }

    [Fact]
    public async Task With_it_on_the_password_alone_changes_neither_password_nor_email()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (key, _) = await Enable(person.Api, person.Password);
        await app.VerificationEnds(person.Id);

        (await Changes()).Should(403, "auth.verification_required");
        (await person.RequestsEmail(People.NewEmail())).Should(403, "auth.verification_required");
        (await person.Api.Post("/api/users/me/verify", new { person.Password })).Should(422, "users.code_required");
        var code = Authenticator.Code(key, ahead: 1);
        (await person.Api.Post("/api/users/me/verify", new { person.Password, code })).Should(204);
        (await person.RequestsEmail(People.NewEmail())).Should(202);
        (await Changes()).Should(204);

        Task<Answer> Changes() =>
            person.Api.Put(
                "/api/users/me/password",
                new { currentPassword = person.Password, newPassword = People.NewPassword() }
            );
    }

    [Fact]
    public async Task A_stolen_session_alone_sets_up_no_second_factor()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        (await person.Api.Post("/api/users/me/two-factor", new { password = "not the password" })).Should(
            422,
            "users.wrong_password"
        );
        (await person.Api.Post("/api/users/me/two-factor")).ShouldReject("body");
        (await person.Api.Post("/api/users/me/two-factor/enable", new { code = "123456" })).Should(
            409,
            "users.two_factor_not_set_up"
        );
    }

    /// <summary>Turns two-factor authentication on with the app's current code.</summary>
    internal static async Task<(string Key, (string Used, string[] Recovery) Codes)> Enable(
        ApiClient api,
        string password
    )
    {
        var setUp = (await api.Post("/api/users/me/two-factor", new { password })).Should(200);
        var key = setUp["sharedKey"].GetString()!;
        Assert.StartsWith("otpauth://totp/", setUp["otpauthUri"].GetString(), StringComparison.Ordinal);
        Assert.Contains($"secret={key}", setUp["otpauthUri"].GetString(), StringComparison.Ordinal);

        var code = Authenticator.Code(key);
        var enabled = (await api.Post("/api/users/me/two-factor/enable", new { code })).Should(200);
        return (key, (code, [.. enabled["recoveryCodes"].EnumerateArray().Select(recovery => recovery.GetString()!)]));
    }
}
