using System.Text.Json;
using Practice.Users.Domain;

namespace Practice.Users.Tests;

/// <summary>Sign-in with an identity provider, against an issuer on a real port.</summary>
[Collection(ProviderHost.Collection)]
public sealed class ProviderTests(ProviderHost host)
{
    private const string Providers = ProviderHost.Providers,
        Contoso = $"{Providers}/contoso",
        Mine = "/api/users/me/providers";

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task The_providers_of_the_settings_are_listed_in_their_order()
    {
        var listed = (await _app.Api.Get(Providers)).Should(200).Items;

        Assert.Equal(
            ["contoso", "fabrikam", "away", "nonsense", "strict"],
            listed.Select(provider => provider.GetProperty("name").GetString()!)
        );
        (await _app.Api.Post($"{Providers}/unheard-of/start")).Should(422, "users.provider_unknown");
    }

    [Fact]
    public async Task The_password_connects_once_and_from_then_on_the_provider_signs_in()
    {
        var person = await _app.SignUpAndConfirm();
        var who = IdentityOf(person);

        var first = await host.Linked(person, who);
        var second = (await host.SignsIn(who)).Should(200);

        Assert.Equal(person.Id, (await host.SessionOf(first).Get("/api/users/me")).Should(200).Id);
        Assert.Equal(person.Id, (await host.SessionOf(second).Get("/api/users/me")).Should(200).Id);
        Assert.Equal(JsonValueKind.Null, second["step"].ValueKind);
        await _app.Mail.WaitFor(person.Email, "contoso was connected");
        Assert.Equal(1, await _app.Audited(person.Id, "users.provider_linked"));
        Assert.Equal(1, await _app.Count("provider_links", "subject = $1", who.Subject));
    }

    [Fact]
    public async Task The_subject_counts_and_not_the_email_once_they_are_connected()
    {
        var (person, other) = (await _app.SignUpAndConfirm(), await _app.SignUpAndConfirm());
        var who = IdentityOf(person);
        await host.Linked(person, who);

        var signedIn = (await host.SignsIn(who with { Email = other.Email, EmailVerified = false })).Should(200);
        var stranger = (await host.SignsIn(IdentityOf(person))).Should(200);

        Assert.Equal(person.Id, (await host.SessionOf(signedIn).Get("/api/users/me")).Should(200).Id);
        Assert.Equal("link", stranger["step"].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_mailed_link_connects_in_the_browser_that_began()
    {
        var person = await _app.SignUpAndConfirm();
        var who = IdentityOf(person);
        var token = await StepOf(who, "link");
        (await _app.Api.Post($"{Contoso}/link/email", new { token })).Should(202);
        var mailed = (await _app.Mail.WaitFor(person.Email, "Sign in with contoso?")).Token;

        var elsewhere = await StepOf(IdentityOf(person), "link");
        (await Confirms(elsewhere, mailed)).Should(410, "users.provider_step_over");
        var signedIn = (await Confirms(token, mailed)).Should(200);

        Assert.Equal(person.Id, (await host.SessionOf(signedIn).Get("/api/users/me")).Should(200).Id);
        (await Confirms(token, mailed)).Should(410);
        (await host.SignsIn(who)).Should(200);
        Assert.Equal(1, await _app.Audited(person.Id, "users.provider_linked"));
    }

    [Fact]
    public async Task A_link_that_was_never_mailed_connects_nothing()
    {
        var person = await _app.SignUpAndConfirm();
        var token = await StepOf(IdentityOf(person), "link");
        var reset = await _app.IssueLink(LinkPurpose.ResetPassword, person.Id);

        (await Confirms(token, "made up")).Should(422, "users.link_invalid");
        (await Confirms(token, reset)).Should(422, "users.link_invalid");

        Assert.Equal(0, await _app.Count("provider_links", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task Wrong_passwords_connect_nothing_and_are_counted_as_at_the_sign_in()
    {
        var person = await _app.SignUpAndConfirm();
        var token = await StepOf(IdentityOf(person), "link");
        for (var guess = 1; guess <= 5; guess++)
            (await Links(token, "not the password")).Should(422, "users.wrong_password");

        (await Links(token, person.Password)).Should(429, "users.locked_out");

        Assert.Equal(0, await _app.Count("provider_links", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task With_two_factors_on_a_code_is_asked_for_when_connecting_and_at_each_sign_in()
    {
        var person = await _app.SignUpAndConfirm();
        var codes = (await TwoFactorTests.Enable(person.Api, person.Password)).Codes.Recovery;
        var who = IdentityOf(person);
        var token = await StepOf(who, "link");

        var linking = (await Links(token, person.Password)).Should(200)["step"];
        Assert.Equal("code", linking.GetProperty("kind").GetString());
        Assert.Equal(0, await _app.Count("provider_links", "account_id = $1", person.Id));
        var step = linking.GetProperty("token").GetString();
        (await Enters(step, "000000")).Should(422, "users.wrong_code");
        (await Enters(step, codes[0])).Should(200);
        (await Enters(step, codes[1])).Should(410, "users.provider_step_over");

        var again = await StepOf(who, "code");
        (await Enters(again, codes[0])).Should(422, "users.wrong_code");
        var signedIn = (await Enters(again, codes[1])).Should(200);
        Assert.Equal(person.Id, (await _app.As(signedIn).Get("/api/users/me")).Should(200).Id);
        Assert.Equal(2, await _app.Count("sessions", "account_id = $1 and second_factor_shown", person.Id) - 1);
    }

    [Fact]
    public async Task A_sign_in_with_a_provider_is_no_proof_for_dangerous_acts_but_no_pause_either()
    {
        var owner = await _app.SignUpAndConfirm();
        var group = await owner.CreatesGroup();
        await _app.Owner.Execute("select authority.write_idle_limit($1, 5)", group.Id);
        var who = IdentityOf(owner);

        var linked = host.SessionOf(await host.Linked(owner, who));
        var session = host.SessionOf((await host.SignsIn(who)).Should(200));

        (await session.Get($"/api/groups/{group.Id}")).Should(200);
        var link = (await session.Get(Mine)).Should(200).Items.Single().GetProperty("id").GetGuid();
        (await session.Delete($"{Mine}/{link}")).Should(403, "auth.verification_required");
        (await linked.Delete($"{Mine}/{link}")).Should(204); // by the password
    }

    [Fact]
    public async Task A_refresh_proves_nothing()
    {
        var person = await _app.SignUpAndConfirm();
        var who = IdentityOf(person);
        await host.Linked(person, who);
        var refresh = (await host.SignsIn(who)).Should(200)["session"].GetProperty("refreshToken").GetString();

        var session = _app.As((await _app.Refresh(refresh)).Should(200));

        var link = (await session.Get(Mine)).Should(200).Items.Single().GetProperty("id").GetGuid();
        (await session.Delete($"{Mine}/{link}")).Should(403, "auth.verification_required");
    }

    [Fact]
    public async Task Disconnecting_ends_the_other_sessions_and_tells_the_person()
    {
        var person = await _app.SignUpAndConfirm();
        var who = IdentityOf(person);
        var elsewhere = host.SessionOf(await host.Linked(person, who));
        var link = (await person.Api.Get(Mine)).Should(200).Items.Single();
        Assert.Equal("contoso", link.GetProperty("provider").GetString());
        var stranger = await _app.SignUpAndConfirm();
        var id = link.GetProperty("id").GetGuid();
        (await stranger.Api.Delete($"{Mine}/{id}")).Should(404);
        Assert.Empty((await stranger.Api.Get(Mine)).Should(200).Items);

        (await person.Api.Delete($"{Mine}/{id}")).Should(204);

        (await elsewhere.Get("/api/users/me")).Should(401);
        (await person.Api.Get("/api/users/me")).Should(200);
        await _app.Mail.WaitFor(person.Email, "contoso was disconnected");
        Assert.Equal(1, await _app.Audited(person.Id, "users.provider_unlinked"));
        Assert.Equal("link", (await host.SignsIn(who)).Should(200)["step"].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task An_email_that_only_the_userinfo_endpoint_has_counts_too()
    {
        var person = await _app.SignUpAndConfirm();

        await host.Linked(person, IdentityOf(person) with { EmailInUserInfo = true });

        Assert.Equal(1, await _app.Count("provider_links", "account_id = $1", person.Id));
    }

    [Theory]
    [InlineData("nonce", "another sign-in's")]
    [InlineData("nonce", null)]
    [InlineData("aud", "another client")]
    [InlineData("iss", "https://another.test")]
    [InlineData("exp", 1_700_000_000)]
    [InlineData("exp", null)]
    [InlineData("nbf", 4_000_000_000)]
    public async Task An_id_token_with_a_wrong_claim_signs_nobody_in(string claim, object? value)
    {
        var (_, who) = await Known();

        (await host.SignsIn(who with { Claims = Claim(claim, value) })).Should(401, "users.provider_sign_in_invalid");
    }

    /// <summary>The operator lets in who belongs to the organization at a provider that anybody can have.</summary>
    [Theory]
    [InlineData(true, "clinic.example", 3)]
    [InlineData(true, "branch.example", "3")]
    [InlineData(true, new[] { "elsewhere.example", "branch.example" }, 3)]
    [InlineData(false, null, 3)]
    [InlineData(false, "elsewhere.example", 3)]
    [InlineData(false, "CLINIC.example", 3)]
    [InlineData(false, "clinic.example, branch.example", 3)]
    [InlineData(false, new[] { "elsewhere.example" }, 3)]
    [InlineData(false, "clinic.example", 4)]
    [InlineData(false, "clinic.example", null)]
    public async Task An_id_token_has_the_claims_that_the_operator_requires(bool allowed, object? domain, object? level)
    {
        const string NotAllowed = "users.provider_account_not_allowed";
        var person = await _app.SignUpAndConfirm();
        var claims = new Dictionary<string, object?> { ["hd"] = domain, ["level"] = level };
        var who = IdentityOf(person) with { Claims = claims };

        var (attempt, state, code) = await host.Begins(who, host.Guarded, ProviderHost.Strict);
        var completed = await host.Completes(attempt, state, code, ProviderHost.Strict);
        completed.Should(allowed ? 200 : 403, allowed ? null : NotAllowed);
        var begun = (await person.Api.Post($"{Mine}/{ProviderHost.Strict}/start")).Should(200);
        (attempt, (state, code)) = (
            begun["attempt"].GetString()!,
            host.Guarded.SignsIn(begun["authorizeUrl"].GetString()!, who)
        );
        var connecting = new
        {
            attempt,
            state,
            code,
        };
        (await person.Api.Post($"{Mine}/{ProviderHost.Strict}/complete", connecting)).Should(
            allowed ? 204 : 403,
            allowed ? null : NotAllowed
        );

        Assert.Equal(allowed ? 1 : 0, await _app.Count("provider_links", "account_id = $1", person.Id));
        Assert.Equal(allowed ? 1 : 0, await _app.Count("provider_sign_ins", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task Who_has_lost_a_required_claim_signs_in_no_more()
    {
        var person = await _app.SignUpAndConfirm();
        var who = IdentityOf(person);
        var member = who with
        {
            Claims = new Dictionary<string, object?> { ["hd"] = "clinic.example", ["level"] = 3 },
        };
        await host.Linked(person, member, host.Guarded, ProviderHost.Strict);

        var (attempt, state, code) = await host.Begins(who, host.Guarded, ProviderHost.Strict);

        (await host.Completes(attempt, state, code, ProviderHost.Strict)).Should(
            403,
            "users.provider_account_not_allowed"
        );
    }

    [Fact]
    public async Task An_id_token_for_several_clients_names_the_one_it_was_issued_to()
    {
        var (_, who) = await Known();
        var audiences = new[] { TestIssuer.ClientId, "another client" };
        var claims = new Dictionary<string, object?> { ["aud"] = audiences, ["azp"] = "another client" };

        (await host.SignsIn(who with { Claims = claims })).Should(401, "users.provider_sign_in_invalid");
        claims["azp"] = TestIssuer.ClientId;
        (await host.SignsIn(who with { Claims = claims })).Should(200);
    }

    [Fact]
    public async Task An_id_token_that_was_tampered_with_signs_nobody_in()
    {
        var (_, who) = await Known();
        Func<string, string>[] changes =
        [
            token => token[..^6] + "AAAAAA",
            token => token[..(token.LastIndexOf('.') + 1)],
            token => $"{Part("{\"alg\":\"none\"}")}.{token.Split('.')[1]}.",
            token =>
            {
                var parts = token.Split('.');
                var payload = System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]);
                var claims = JsonSerializer.Deserialize<Dictionary<string, object>>(payload)!;
                claims["exp"] = 4_000_000_000;
                return $"{parts[0]}.{Part(JsonSerializer.Serialize(claims))}.{parts[2]}";
            },
        ];

        foreach (var change in changes)
            (await host.SignsIn(who with { Tamper = change })).Should(401, "users.provider_sign_in_invalid");

        static string Part(string json) =>
            System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json));
    }

    [Fact]
    public async Task After_the_provider_has_changed_its_key_people_still_sign_in()
    {
        var (person, who) = await Known();

        host.Contoso.RotateKey();

        var signedIn = (await host.SignsIn(who)).Should(200);
        Assert.Equal(person.Id, (await host.SessionOf(signedIn).Get("/api/users/me")).Should(200).Id);
    }

    [Fact]
    public async Task An_attempt_works_once_whatever_the_answer_was()
    {
        var (_, who) = await Known();
        var (attempt, state, code) = await host.Begins(who);
        (await host.Completes(attempt, state, code)).Should(200);
        (await host.Completes(attempt, state, code)).Should(401, "users.provider_sign_in_invalid");

        (attempt, state, code) = await host.Begins(who);
        (await host.Completes(attempt, "another state", code)).Should(401, "users.provider_sign_in_invalid");
        (await host.Completes(attempt, state, code)).Should(401, "users.provider_sign_in_invalid");
    }

    [Fact]
    public async Task An_answer_needs_the_attempt_and_the_provider_that_it_was_asked_of()
    {
        var (_, who) = await Known();
        var (mine, state, code) = await host.Begins(who);
        var (theirs, _, _) = await host.Begins(who);

        (await host.Completes(theirs, state, code)).Should(401, "users.provider_sign_in_invalid");
        (await host.Completes(mine, state, code, "fabrikam")).Should(401, "users.provider_sign_in_invalid");

        var (attempt, itsState, _) = await host.Begins(who);
        (await host.Completes(attempt, itsState, "a code that nobody issued")).Should(
            401,
            "users.provider_sign_in_invalid"
        );
        (attempt, itsState, code) = await host.Begins(who);
        (await host.Completes(attempt, itsState, code, issuer: host.Fabrikam.Authority)).Should(
            401,
            "users.provider_sign_in_invalid"
        );
        (attempt, itsState, code) = await host.Begins(who);
        (await host.Completes(attempt, itsState, code, issuer: host.Contoso.Authority)).Should(200);
    }

    [Fact]
    public async Task An_attempt_at_one_provider_takes_no_answer_of_another()
    {
        var (_, who) = await Known(host.Fabrikam, "fabrikam");
        var begun = (await _app.Api.Post($"{Contoso}/start")).Should(200);
        // Somebody leads the browser to the other provider, with all that was made for the first.
        var there = begun["authorizeUrl"]
            .GetString()!
            .Replace(host.Contoso.Authority, host.Fabrikam.Authority, StringComparison.Ordinal)
            .Replace("contoso", "fabrikam", StringComparison.Ordinal);
        var (state, code) = host.Fabrikam.SignsIn(there, who);

        (await host.Completes(begun["attempt"].GetString()!, state, code, "fabrikam")).Should(
            401,
            "users.provider_sign_in_invalid"
        );
    }

    [Fact]
    public async Task Two_who_complete_one_attempt_get_one_session()
    {
        var (person, who) = await Known();
        var (attempt, state, code) = await host.Begins(who);
        var before = await _app.Count("sessions", "account_id = $1", person.Id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Completes(attempt, state, code)));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(before + 1, await _app.Count("sessions", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task Two_who_connect_one_person_at_once_connect_one_account_once()
    {
        var person = await _app.SignUpAndConfirm();
        var who = IdentityOf(person);
        var (one, two) = (await StepOf(who, "link"), await StepOf(who, "link"));

        var answers = await Task.WhenAll(
            Links(one, person.Password),
            Links(one, person.Password),
            Links(two, person.Password)
        );

        Assert.Equal(2, answers.Count(answer => answer.Status == 200));
        Assert.Single(answers, answer => answer is { Status: 410, Code: "users.provider_step_over" });
        Assert.Equal(1, await _app.Count("provider_links", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task A_person_at_a_provider_belongs_to_one_account()
    {
        var (person, other) = (await _app.SignUpAndConfirm(), await _app.SignUpAndConfirm());
        var who = IdentityOf(person);
        var (first, second) = (await StepOf(who, "link"), await StepOf(who with { Email = other.Email }, "link"));

        (await Links(first, person.Password)).Should(200);
        (await Links(second, other.Password)).Should(409, "users.provider_already_linked");

        Assert.Equal(0, await _app.Count("provider_links", "account_id = $1", other.Id));
    }

    [Fact]
    public async Task A_provider_that_does_not_vouch_for_the_email_connects_nobody()
    {
        var person = await _app.SignUpAndConfirm();

        var unverified = IdentityOf(person) with { EmailVerified = false };
        (await host.SignsIn(unverified)).Should(422, "users.provider_email_unverified");
        (await host.SignsIn(unverified with { EmailInUserInfo = true })).Should(422, "users.provider_email_unverified");
        (await host.SignsIn(new(NewSubject(), null))).Should(422, "users.provider_email_unverified");
        (await host.SignsIn(new(NewSubject(), People.NewEmail()) { EmailVerified = false })).Should(
            422,
            "users.provider_email_unverified"
        );
    }

    [Fact]
    public async Task Without_a_confirmed_account_there_is_nothing_to_sign_in_to()
    {
        var added = await _app.AddsPerson();

        var none = (await host.SignsIn(new(NewSubject(), People.NewEmail()))).Should(409, "users.provider_no_account");
        var unconfirmed = (await host.SignsIn(new(NewSubject(), added.Email))).Should(409, "users.provider_no_account");

        Assert.Equal(none["detail"].GetString(), unconfirmed["detail"].GetString());
    }

    [Fact]
    public async Task After_the_account_has_another_email_a_sign_in_that_waits_is_over()
    {
        var person = await _app.SignUpAndConfirm();
        var token = await StepOf(IdentityOf(person), "link");
        var newEmail = People.NewEmail();
        (await person.RequestsEmail(newEmail)).Should(202);
        (await person.ConfirmsEmail((await _app.Mail.WaitFor(newEmail)).Token)).Should(204);

        (await Links(token, person.Password)).Should(410, "users.provider_step_over");
        (await _app.Api.Post($"{Contoso}/link/email", new { token })).Should(410, "users.provider_step_over");
    }

    [Fact]
    public async Task What_the_provider_refuses_is_refused()
    {
        var (_, who) = await Known();
        var (attempt, state, _) = await host.Begins(who);

        var refused = await _app.Api.Post(
            $"{Contoso}/complete",
            new
            {
                attempt,
                state,
                error = "access_denied",
            }
        );

        refused.Should(401, "users.provider_refused");
        (attempt, state, _) = await host.Begins(who);
        (await _app.Api.Post($"{Contoso}/complete", new { attempt, state })).Should(401, "users.provider_refused");
    }

    [Fact]
    public async Task A_provider_that_is_away_or_talks_nonsense_gets_a_clear_answer_soon()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        (await _app.Api.Post($"{Providers}/{ProviderHost.Away}/start")).Should(503, "users.provider_unavailable");
        (await _app.Api.Post($"{Providers}/{ProviderHost.Nonsense}/start")).Should(
            502,
            "users.provider_answer_invalid"
        );

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(200, "<html>", 502, "users.provider_answer_invalid")]
    [InlineData(200, "[]", 502, "users.provider_answer_invalid")]
    [InlineData(200, "{}", 502, "users.provider_answer_invalid")]
    [InlineData(401, """{"error":"invalid_client"}""", 502, "users.provider_answer_invalid")]
    [InlineData(302, "", 502, "users.provider_answer_invalid")]
    [InlineData(400, """{"error":"invalid_grant"}""", 401, "users.provider_sign_in_invalid")]
    [InlineData(500, "{}", 503, "users.provider_unavailable")]
    [InlineData(200, """{"id_token":"no token"}""", 401, "users.provider_sign_in_invalid")]
    public async Task Nonsense_of_the_token_endpoint_opens_no_session(
        int status,
        string body,
        int expected,
        string code
    )
    {
        var (person, who) = await Known(host.Fabrikam, "fabrikam");
        var (attempt, state, given) = await host.Begins(who, host.Fabrikam, "fabrikam");
        var before = await _app.Count("sessions", "account_id = $1", person.Id);
        host.Fabrikam.TokenAnswer = _ =>
            Microsoft.AspNetCore.Http.Results.Text(body, "application/json", statusCode: status);

        try
        {
            (await host.Completes(attempt, state, given, "fabrikam")).Should(expected, code);
        }
        finally
        {
            host.Fabrikam.TokenAnswer = null;
        }

        Assert.Equal(before, await _app.Count("sessions", "account_id = $1", person.Id));
    }

    [Fact]
    public async Task The_database_keeps_no_secret_of_a_sign_in()
    {
        var person = await _app.SignUpAndConfirm();
        var (attempt, state, _) = await host.Begins(IdentityOf(person));
        var token = await StepOf(IdentityOf(person), "link");

        foreach (var secret in (string[])[attempt, state, token])
        {
            Assert.Equal(0, await _app.Count("provider_attempts a", "a::text like '%' || $1 || '%'", secret));
            Assert.Equal(0, await _app.Count("provider_sign_ins s", "s::text like '%' || $1 || '%'", secret));
        }
    }

    private static Dictionary<string, object?> Claim(string name, object? value) =>
        new Dictionary<string, object?> { [name] = value };

    private static string NewSubject() => Guid.NewGuid().ToString("n");

    private static IssuedIdentity IdentityOf(Person person) => new(NewSubject(), person.Email);

    /// <summary>A person who is connected.</summary>
    private async Task<(Person Person, IssuedIdentity Who)> Known(TestIssuer? issuer = null, string name = "contoso")
    {
        var person = await _app.SignUpAndConfirm();
        var who = IdentityOf(person);
        await host.Linked(person, who, issuer, name);
        return (person, who);
    }

    private async Task<string> StepOf(IssuedIdentity who, string kind)
    {
        var step = (await host.SignsIn(who)).Should(200)["step"];
        Assert.Equal(kind, step.GetProperty("kind").GetString());
        return step.GetProperty("token").GetString()!;
    }

    private Task<Answer> Links(string token, string password) =>
        _app.Api.Post($"{Contoso}/link", new { token, password });

    private Task<Answer> Confirms(string token, string? mailedToken) =>
        _app.Api.Post($"{Contoso}/link/confirm", new { token, mailedToken });

    private Task<Answer> Enters(string? token, string code) => _app.Api.Post($"{Contoso}/code", new { token, code });
}
