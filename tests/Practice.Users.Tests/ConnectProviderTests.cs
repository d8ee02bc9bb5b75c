namespace Practice.Users.Tests;

/// <summary>Connecting an identity provider with the account that one is signed in to.</summary>
[Collection(ProviderHost.Collection)]
public sealed class ConnectProviderTests(ProviderHost host)
{
    private const string Mine = "/api/users/me/providers",
        Invalid = "users.provider_sign_in_invalid";

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task It_connects_who_has_the_accounts_email_there()
    {
        var person = await _app.SignUpAndConfirm();
        var who = At(person);

        (await Connects(person, who)).Should(204);

        var link = (await person.Api.Get(Mine)).Should(200).Items.Single();
        Assert.Equal("contoso", link.GetProperty("provider").GetString());
        var signedIn = host.SessionOf((await host.SignsIn(who)).Should(200));
        Assert.Equal(person.Id, (await signedIn.Get("/api/users/me")).Should(200).Id);
        await _app.Mail.WaitFor(person.Email, "contoso was connected");
        Assert.Equal(1, await _app.Audited(person.Id, "users.provider_linked"));
    }

    [Fact]
    public async Task An_email_that_only_the_userinfo_endpoint_has_counts_too()
    {
        var person = await _app.SignUpAndConfirm();
        var who = At(person) with { EmailInUserInfo = true };

        (await Connects(person, who with { EmailVerified = false })).Should(422, "users.provider_email_unverified");
        (await Connects(person, who)).Should(204);

        Assert.Equal(1, await _app.Count("provider_links", "subject = $1", who.Subject));
    }

    /// <summary>Its first call is refused: here the account changed while the person was at the provider.</summary>
    [Fact]
    public async Task An_account_that_is_not_confirmed_any_more_connects_nothing_that_it_has_begun()
    {
        var person = await _app.SignUpAndConfirm();
        var begun = await Begins(person, At(person));
        await _app.Owner.Execute("update users.accounts set email_confirmed = false where id = $1", person.Id);

        (await Completes(person, begun)).Should(409, "users.provider_account_unconfirmed");

        Assert.Equal(0, await _app.Count("provider_links", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task Another_email_or_one_that_the_provider_does_not_vouch_for_connects_nothing()
    {
        var person = await _app.SignUpAndConfirm();
        var who = At(person);

        (await Connects(person, who with { Email = People.NewEmail() })).Should(409, "users.provider_other_email");
        (await Connects(person, who with { EmailVerified = false })).Should(422, "users.provider_email_unverified");
        (await Connects(person, who with { Email = null })).Should(422, "users.provider_email_unverified");

        Assert.Equal(0, await _app.Count("provider_links", "subject = $1", who.Subject));
    }

    /// <summary>The member who added a person knows their first password.</summary>
    [Fact]
    public async Task An_account_whose_email_nobody_has_confirmed_connects_nothing()
    {
        var added = await _app.AddsPerson();
        var before = _app.As((await _app.TrySignIn(added.Email, added.Password)).Should(200));
        var own = People.NewPassword();
        (
            await before.Put("/api/users/me/password", new { currentPassword = added.Password, newPassword = own })
        ).Should(204);
        (await before.Post($"{Mine}/contoso/start")).Should(409, "users.provider_account_unconfirmed");

        // As an earlier release, or the same moment, could have left it.
        await _app.Owner.Execute(
            "insert into users.provider_links (id, account_id, provider, issuer, subject, created_at) "
                + "values (gen_random_uuid(), $1, 'contoso', 'https://issuer.test', $2, now())",
            added.Id,
            added.Email
        );
        (await _app.Api.Post("/api/users/forgot-password", new { email = added.Email })).Should(202);
        var token = (await _app.Mail.WaitFor(added.Email, "new password")).Token;
        (await _app.Api.Post("/api/users/reset-password", new { token, password = People.NewPassword() })).Should(204);

        Assert.Equal(0, await _app.Count("provider_links", "subject = $1", added.Email));
    }

    [Fact]
    public async Task It_takes_a_person_who_has_just_proved_who_they_are()
    {
        var person = await _app.SignUpAndConfirm();
        await _app.VerificationEnds(person.Id);

        (await person.Api.Post($"{Mine}/contoso/start")).Should(403, "auth.verification_required");
        (await _app.Api.Post($"{Mine}/contoso/start")).Should(401, "auth.not_signed_in");
        (await _app.Api.Post($"{Mine}/contoso/complete", new { })).Should(401, "auth.not_signed_in");
        (await person.Api.Post($"{Mine}/contoso/complete", new { })).ShouldReject("attempt", "state");
        (await person.Api.Post($"{Mine}/unheard-of/complete", new { })).Should(422, "users.provider_unknown");
    }

    [Fact]
    public async Task At_the_provider_the_five_minutes_do_not_count()
    {
        var person = await _app.SignUpAndConfirm();
        var begun = await Begins(person, At(person));
        await _app.VerificationEnds(person.Id);

        (await Completes(person, begun)).Should(204);
    }

    [Fact]
    public async Task An_attempt_connects_the_account_that_began_it_and_signs_nobody_in()
    {
        var (person, other) = (await _app.SignUpAndConfirm(), await _app.SignUpAndConfirm());
        var who = At(person);
        (await Completes(other, await Begins(person, who))).Should(401, Invalid);
        (await Completes(person, await host.Begins(who))).Should(401, Invalid);
        var (attempt, state, code) = await Begins(person, who);
        (await host.Completes(attempt, state, code)).Should(401, Invalid);
        (await Completes(person, (attempt, state, code))).Should(401, Invalid); // it is used up
        (attempt, state, code) = await Begins(person, who);
        (await Completes(person, (attempt, state + "x", code))).Should(401, Invalid);

        Assert.Equal(0, await _app.Count("provider_links", "subject = $1", who.Subject));
    }

    [Fact]
    public async Task A_person_at_the_provider_belongs_to_one_account()
    {
        var (person, other) = (await _app.SignUpAndConfirm(), await _app.SignUpAndConfirm());
        var who = At(person);
        (await Connects(person, who)).Should(204);

        (await Connects(other, who with { Email = other.Email })).Should(409, "users.provider_of_another_account");
        (await Connects(person, who)).Should(204); // it is so already

        Assert.Equal(1, await _app.Count("provider_links", "subject = $1", who.Subject));
        Assert.Equal(1, await _app.Audited(person.Id, "users.provider_linked"));
    }

    [Fact]
    public async Task An_account_has_ten_at_most()
    {
        var person = await _app.SignUpAndConfirm();
        var last = await Begins(person, At(person));
        for (var number = 0; number < 10; number++)
            (await Connects(person, At(person))).Should(204);

        (await person.Api.Post($"{Mine}/contoso/start")).Should(409, "users.too_many_providers");
        (await Completes(person, last)).Should(409, "users.too_many_providers");
    }

    [Fact]
    public async Task What_the_provider_refuses_connects_nothing()
    {
        var person = await _app.SignUpAndConfirm();
        var (attempt, state, _) = await Begins(person, At(person));
        var error = "access_denied";

        (
            await person.Api.Post(
                $"{Mine}/contoso/complete",
                new
                {
                    attempt,
                    state,
                    error,
                }
            )
        ).Should(401, "users.provider_refused");
        (await person.Api.Post($"{Mine}/{ProviderHost.Away}/start")).Should(503, "users.provider_unavailable");
    }

    private static IssuedIdentity At(Person person) => new(Guid.NewGuid().ToString("n"), person.Email);

    private async Task<(string Attempt, string State, string Code)> Begins(Person person, IssuedIdentity who)
    {
        var begun = (await person.Api.Post($"{Mine}/contoso/start")).Should(200);
        var (state, code) = host.Contoso.SignsIn(begun["authorizeUrl"].GetString()!, who);
        return (begun["attempt"].GetString()!, state, code);
    }

    private static Task<Answer> Completes(Person person, (string Attempt, string State, string Code) with) =>
        person.Api.Post(
            $"{Mine}/contoso/complete",
            new
            {
                attempt = with.Attempt,
                state = with.State,
                code = with.Code,
            }
        );

    private async Task<Answer> Connects(Person person, IssuedIdentity who) =>
        await Completes(person, await Begins(person, who));
}
