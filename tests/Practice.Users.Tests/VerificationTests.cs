namespace Practice.Users.Tests;

/// <summary>A person proves once more who they are.</summary>
public sealed class VerificationTests
{
    private const string Path = "/api/users/me/verify";

    [Fact]
    public async Task The_password_verifies_the_session_and_no_other()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var other = await person.SignsInAgain();
        await app.VerificationEnds(person.Id);
        Assert.Equal(0, await Verified(app, person));

        (await person.Api.Post(Path, new { password = person.Password })).Should(204);

        Assert.Equal(1, await Verified(app, person));
        Assert.Equal(1, await app.Audited(person.Id, "users.session_verified"));
        (await other.Api.Get("/api/users/me")).Should(200);
    }

    [Fact]
    public async Task A_wrong_password_verifies_nothing_and_counts()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await app.VerificationEnds(person.Id);

        Answer answer;
        var tries = 0;
        do answer = await person.Api.Post(Path, new { password = "not the password" });
        while (answer.Status == 422 && answer.Code == "users.wrong_password" && ++tries < 50);

        answer.Should(429, "users.locked_out");
        (await person.Api.Post(Path, new { password = person.Password })).Should(429, "users.locked_out");
        Assert.Equal(0, await Verified(app, person));
    }

    [Fact]
    public async Task With_two_factor_authentication_it_takes_a_code_that_works_once()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (key, _) = await TwoFactorTests.Enable(person.Api, person.Password);
        await app.VerificationEnds(person.Id);
        var code = Authenticator.Code(key, ahead: 1);

        (await person.Api.Post(Path, new { password = person.Password })).Should(422, "users.code_required");
        (await person.Api.Post(Path, new { password = person.Password, code = "000000" })).Should(
            422,
            "users.wrong_code"
        );
        Assert.Equal(0, await Verified(app, person));

        var atOnce = await Task.WhenAll(
            person.Api.Post(Path, new { password = person.Password, code }),
            person.Api.Post(Path, new { password = person.Password, code })
        );
        Assert.Single(atOnce, answer => answer.Status == 204);
        Assert.Single(atOnce, answer => answer.Code == "users.wrong_code");
        Assert.Equal(1, await Verified(app, person));
    }

    [Fact]
    public async Task A_refresh_carries_the_verification_over_unchanged()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var signedIn = (await app.TrySignIn(person.Email, person.Password)).Should(200);
        await app.VerificationEnds(person.Id);
        var before = await app.Owner.Scalar<DateTime>(
            "select max(verified_at) from authority.sessions where user_id = $1",
            person.Id
        );

        var refreshed = (await app.Refresh(signedIn.RefreshToken())).Should(200);

        Assert.Equal(0, await Verified(app, person));
        Assert.Equal(
            before,
            await app.Owner.Scalar<DateTime>(
                "select max(verified_at) from authority.sessions where user_id = $1",
                person.Id
            )
        );

        // A verification counts for the token that comes after it, too; also once the tokens from before are gone.
        (await app.As(refreshed).Post(Path, new { password = person.Password })).Should(204);
        await app.Owner.Execute("delete from authority.sessions where user_id = $1", person.Id);
        (await app.Refresh(refreshed.RefreshToken())).Should(200);
        Assert.Equal(1, await Verified(app, person));
        await app.VerificationEnds(person.Id);
    }

    [Fact]
    public async Task A_refresh_by_the_release_before_is_no_verification()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        await app.VerificationEnds(person.Id);
        await app.Owner.Execute(
            """
            select authority.open_session($2, session_id, user_id, now() + interval '15 minutes', false, false)
            from authority.sessions where user_id = $1
            """,
            person.Id,
            Guid.NewGuid().ToString()
        );
        Assert.Equal(0, await Verified(app, person));
    }

    [Fact]
    public async Task It_takes_a_password()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        (await person.Api.Post(Path, new { })).Should(400, "request.invalid");
        (await app.Api.Post(Path, new { password = person.Password })).Should(401, "auth.not_signed_in");
    }

    private static Task<long> Verified(TestApp app, Person person) =>
        app.Owner.Scalar<long>(
            """
            select count(distinct session_id) from authority.sessions
            where user_id = $1 and verified_at > now() - interval '5 minutes'
            """,
            person.Id
        );
}
