namespace Practice.Users.Tests;

/// <summary>Connecting an identity provider with the account that one is signed in to.</summary>
[Collection(ProviderHost.Collection)]
public sealed class ConnectProviderTests(ProviderHost host)
{
    private const string Mine = "/api/users/me/providers",
        Invalid = "users.provider_sign_in_invalid";

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task It_connects_whatever_email_the_person_has_there()
    {
        var person = await _app.SignUpAndConfirm();
        var who = Someone() with { EmailVerified = false };

        (await Connects(person, who)).Should(204);

        var link = (await person.Api.Get(Mine)).Should(200).Items.Single();
        Assert.Equal("contoso", link.GetProperty("provider").GetString());
        var signedIn = host.SessionOf((await host.SignsIn(who)).Should(200));
        Assert.Equal(person.Id, (await signedIn.Get("/api/users/me")).Should(200).Id);
        await _app.Mail.WaitFor(person.Email, "contoso was connected");
        Assert.Equal(1, await _app.Audited(person.Id, "users.provider_linked"));
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
        var begun = await Begins(person, Someone());
        await _app.VerificationEnds(person.Id);

        (await Completes(person, begun)).Should(204);
    }

    [Fact]
    public async Task An_attempt_connects_the_account_that_began_it_and_signs_nobody_in()
    {
        var (person, other) = (await _app.SignUpAndConfirm(), await _app.SignUpAndConfirm());
        var who = Someone();
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
        var who = Someone();
        (await Connects(person, who)).Should(204);

        (await Connects(other, who)).Should(409, "users.provider_of_another_account");
        (await Connects(person, who)).Should(204); // it is so already

        Assert.Equal(1, await _app.Count("provider_links", "subject = $1", who.Subject));
        Assert.Equal(1, await _app.Audited(person.Id, "users.provider_linked"));
    }

    [Fact]
    public async Task An_account_has_ten_at_most()
    {
        var person = await _app.SignUpAndConfirm();
        var last = await Begins(person, Someone());
        for (var number = 0; number < 10; number++)
            (await Connects(person, Someone())).Should(204);

        (await person.Api.Post($"{Mine}/contoso/start")).Should(409, "users.too_many_providers");
        (await Completes(person, last)).Should(409, "users.too_many_providers");
    }

    [Fact]
    public async Task What_the_provider_refuses_connects_nothing()
    {
        var person = await _app.SignUpAndConfirm();
        var (attempt, state, _) = await Begins(person, Someone());
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

    private static IssuedIdentity Someone() => new(Guid.NewGuid().ToString("n"), People.NewEmail());

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
