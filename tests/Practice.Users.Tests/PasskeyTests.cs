using System.Text.Json;
using System.Text.Json.Nodes;
using Practice.Users.Domain;

namespace Practice.Users.Tests;

public sealed class PasskeyTests
{
    private const string Mine = "/api/users/me/passkeys",
        SignIn = "/api/users/sign-in/passkey",
        Verify = "/api/users/me/verify/passkey";

    [Fact]
    public async Task A_passkey_signs_in_without_a_password_and_counts_as_two_factors()
    {
        var (app, person, key) = await WithPasskey();

        var signedIn = (await SignsIn(app, key)).Should(200);

        Assert.False(signedIn["mustChangePassword"].GetBoolean());
        Assert.Equal(person.Id, (await app.As(signedIn).Get("/api/users/me")).Should(200).Id);
        Assert.Equal(1, await app.Count("sessions", "account_id = $1 and second_factor_shown", person.Id) - Added);
        Assert.Equal(
            2,
            await app.Owner.Scalar<long>(
                "select count(*) from authority.sessions where user_id = $1 and second_factor_shown",
                person.Id
            )
        );
        (await app.Refresh(signedIn.RefreshToken())).Should(200);
        (await SignsIn(app, key)).Should(200);
    }

    /// <summary>As the owner of an account takes it back, without the passkeys set up before.</summary>
    [Fact]
    public async Task A_passkey_is_not_added_by_a_session_that_ends_while_the_account_is_taken_over()
    {
        await using var app = await TestApp.StartAsync();
        var person = await app.SignUpAndConfirm();
        using var key = new SoftwarePasskey();
        var begun = (await person.Api.Post($"{Mine}/options")).Should(200);
        await app.SettlesAsync();

        await using var held = await HeldLock.TakeAsync(
            app,
            "select authority.end_sessions_of(id, null) from users.accounts where id = $1 for update",
            person.Id
        );
        var adding = key.AddTo(person, begun);
        await HeldLock.HoldsUpAsync(app, 1, "users");
        await held.ReleaseAsync();

        (await adding).Should(401);
        Assert.Equal(0, await app.Count("passkeys", "user_id = $1", person.Id));
    }

    [Fact]
    public async Task A_passkey_signs_in_to_an_account_with_two_factors_without_a_code()
    {
        var (app, person, key) = await WithPasskey();
        await TwoFactorTests.Enable(person.Api, person.Password);

        (await SignsIn(app, key)).Should(200);
    }

    [Fact]
    public async Task The_list_shows_name_use_and_whether_it_is_synced()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var phone = new SoftwarePasskey { Synced = true, Counter = null };
        using var stick = new SoftwarePasskey();
        var first = (await phone.AddTo(person, " My\u200b phone ")).Should(201);
        (await stick.AddTo(person, "Stick")).Should(201);
        (await SignsIn(app, phone)).Should(200);

        var passkeys = (await person.Api.Get(Mine)).Should(200).Items;

        Assert.Equal(["Stick", "My phone"], passkeys.Select(passkey => passkey.GetProperty("name").GetString()!));
        Assert.Equal([false, true], passkeys.Select(passkey => passkey.GetProperty("synced").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, passkeys[0].GetProperty("lastUsedAt").ValueKind);
        Assert.True(passkeys[1].GetProperty("lastUsedAt").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-1));
        Assert.Equal(first.Id, passkeys[1].GetProperty("id").GetGuid());
        Assert.Equal($"{Mine}/{first.Id}", first.Headers.Location?.OriginalString);
        var page = (await person.Api.Get($"{Mine}?limit=1")).Should(200);
        Assert.Equal(
            first.Id,
            (await person.Api.Get($"{Mine}?limit=1&after={page["next"].GetString()}"))
                .Items.Single()
                .GetProperty("id")
                .GetGuid()
        );
    }

    [Fact]
    public async Task The_person_is_told_and_the_audit_knows_when_a_passkey_is_added_or_removed()
    {
        var (app, person, key) = await WithPasskey();
        await app.Mail.WaitFor(person.Email, "A passkey was added");

        await Removes(person);

        await app.Mail.WaitFor(person.Email, "A passkey was removed");
        Assert.Equal(1, await app.Audited(person.Id, "users.passkey_added"));
        Assert.Equal(1, await app.Audited(person.Id, "users.passkey_removed"));
        (await SignsIn(app, key)).Should(401, "users.passkey_invalid");
    }

    [Fact]
    public async Task Removing_a_passkey_ends_the_other_sessions_and_what_counted_as_two_factors()
    {
        var (app, person, key) = await WithPasskey();
        var thief = app.As((await SignsIn(app, key)).Should(200));

        await Removes(person);

        (await thief.Get("/api/users/me")).Should(401);
        (await person.Api.Get("/api/users/me")).Should(200);
        Assert.Equal(
            0,
            await app.Count("sessions", "account_id = $1 and second_factor_shown and ended_at is null", person.Id)
        );
    }

    [Fact]
    public async Task Nobody_removes_or_sees_the_passkey_of_another_person()
    {
        var (app, person, _) = await WithPasskey();
        var id = (await person.Api.Get(Mine)).Items.Single().GetProperty("id").GetGuid();
        var other = await app.SignUpAndConfirm();

        (await other.Api.Delete($"{Mine}/{id}")).Should(404);

        Assert.Empty((await other.Api.Get(Mine)).Should(200).Items);
        Assert.Single((await person.Api.Get(Mine)).Should(200).Items);
    }

    [Fact]
    public async Task A_person_has_ten_passkeys_at_most_even_at_once()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var keys = Enumerable.Range(1, Passkey.MaxPerPerson + 1).Select(_ => new SoftwarePasskey()).ToList();
        var attempts = new List<Answer>();
        foreach (var _ in keys)
            attempts.Add(await person.Api.Post($"{Mine}/options"));

        var answers = await Task.WhenAll(
            keys.Zip(attempts, (key, attempt) => Task.Run(() => Finishes(person.Api, attempt, key, "Key")))
        );

        Assert.Equal(Passkey.MaxPerPerson, answers.Count(answer => answer.Status == 201));
        answers.Single(answer => answer.Status != 201).Should(409, "users.too_many_passkeys");
        (await person.Api.Post($"{Mine}/options")).Should(409, "users.too_many_passkeys");
        Assert.Equal(Passkey.MaxPerPerson, await app.Count("passkeys", "user_id = $1", person.Id));
    }

    [Fact]
    public async Task Every_wrong_answer_to_a_sign_in_is_refused_alike()
    {
        var (app, person, key) = await WithPasskey();
        using var unknown = new SoftwarePasskey { UserHandle = person.Id.ToString() };
        using var impostor = new SoftwarePasskey { CredentialId = key.CredentialId, UserHandle = person.Id.ToString() };
        var other = await app.SignUpAndConfirm();
        var refused = new Dictionary<string, Func<Task<Answer>>>
        {
            ["another site"] = () => With(() => key.Origin = "https://practise.test", () => key.Origin = Site),
            ["a page of the same host, another port"] = () =>
                With(() => key.Origin = $"{Site}:8443", () => key.Origin = Site),
            ["embedded by another site"] = () => With(() => key.CrossOrigin = true, () => key.CrossOrigin = false),
            ["another domain's key"] = () => With(() => key.RpId = "practise.test", () => key.RpId = null),
            ["the person was not recognized"] = () => With(() => key.Verified = false, () => key.Verified = true),
            ["another person's name"] = () =>
                With(() => key.UserHandle = other.Id.ToString(), () => key.UserHandle = person.Id.ToString()),
            ["no name"] = () => With(() => key.UserHandle = null, () => key.UserHandle = person.Id.ToString()),
            ["no id as name"] = () =>
                With(() => key.UserHandle = "nobody", () => key.UserHandle = person.Id.ToString()),
            ["an unknown key"] = () => SignsIn(app, unknown),
            ["another key under the same id"] = () => SignsIn(app, impostor),
            ["a counter that went back"] = () => With(() => key.Counter = 0, () => key.Counter = 50),
            ["an attempt that does not exist"] = async () =>
                await app.Api.Post(SignIn, Answered(Guid.CreateVersion7(), key.Get((await Options(app))["options"]))),
            ["an answer to another challenge"] = async () =>
                await app.Api.Post(
                    SignIn,
                    Answered((await Options(app))["attemptId"].GetGuid(), key.Get((await Options(app))["options"]))
                ),
            ["the answer of a registration"] = async () =>
            {
                using var made = new SoftwarePasskey();
                var options = (await person.Api.Post($"{Mine}/options")).Should(200)["options"];
                return await app.Api.Post(
                    SignIn,
                    Answered((await Options(app))["attemptId"].GetGuid(), made.Create(options))
                );
            },
            ["an attempt to add"] = async () =>
            {
                var attempt = (await person.Api.Post($"{Mine}/options")).Should(200);
                return await app.Api.Post(
                    SignIn,
                    Answered(attempt["attemptId"].GetGuid(), key.Get((await Options(app))["options"]))
                );
            },
            ["nothing"] = async () =>
                await app.Api.Post(SignIn, Answered((await Options(app))["attemptId"].GetGuid(), [])),
            ["no base64"] = async () =>
                await app.Api.Post(
                    SignIn,
                    Answered((await Options(app))["attemptId"].GetGuid(), new JsonObject { ["id"] = "!\u0000" })
                ),
            ["half a surrogate pair"] = async () =>
            {
                var id = (await Options(app))["attemptId"].GetGuid();
                return await app.Api.Post(
                    SignIn,
                    $"{{\"attemptId\": \"{id}\", \"credential\": {{\"id\": \"\\ud800\"}}}}"
                );
            },
        };
        (await SignsIn(app, key)).Should(200); // so that the counter is above 0

        var answers = new List<(string Case, string Answer)>();
        foreach (var (what, attempt) in refused)
        {
            var answer = await attempt();
            Assert.True((answer.Status, answer.Code) == (401, "users.passkey_invalid"), $"{what}: {answer}");
            answers.Add((what, answer["detail"].GetString()! + answer["title"].GetString()));
        }

        Assert.Single(answers.Select(answer => answer.Answer).Distinct());
        (await SignsIn(app, key)).Should(200);

        async Task<Answer> With(Action change, Action back)
        {
            change();
            try
            {
                return await SignsIn(app, key);
            }
            finally
            {
                back();
            }
        }
    }

    [Fact]
    public async Task An_answer_works_once_even_without_a_counter_and_at_the_same_moment()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var key = new SoftwarePasskey { Counter = null };
        (await key.AddTo(person)).Should(201);

        await AtOnce.OneWins(200, (401, "users.passkey_invalid"), async () =>
        {
            var options = await Options(app);
            var answer = Answered(options["attemptId"].GetGuid(), key.Get(options["options"])).ToJsonString();
            return [() => app.Api.Post(SignIn, answer), () => app.Api.Post(SignIn, answer)];
        });
    }

    [Fact]
    public async Task A_refused_answer_uses_the_attempt_up()
    {
        var (app, _, key) = await WithPasskey();
        var options = await Options(app);
        var id = options["attemptId"].GetGuid();
        key.Origin = "https://practise.test";
        (await app.Api.Post(SignIn, Answered(id, key.Get(options["options"])))).Should(401, "users.passkey_invalid");
        key.Origin = Site;

        (await app.Api.Post(SignIn, Answered(id, key.Get(options["options"])))).Should(401, "users.passkey_invalid");

        Assert.Equal(0, await app.Count("passkey_attempts", "id = $1", id));
    }

    [Fact]
    public async Task Two_sign_ins_of_one_person_at_once_both_succeed()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var synced = new SoftwarePasskey { Synced = true, Counter = null };
        using var stick = new SoftwarePasskey();
        (await synced.AddTo(person)).Should(201);
        (await stick.AddTo(person)).Should(201);
        for (var round = 1; round <= AtOnce.Rounds(12); round++)
        {
            var answers = await Task.WhenAll(
                Task.Run(() => SignsIn(app, synced)),
                Task.Run(() => SignsIn(app, synced)),
                Task.Run(() => SignsIn(app, stick))
            );
            foreach (var answer in answers)
                answer.Should(200);
        }
    }

    [Fact]
    public async Task A_passkey_that_is_removed_at_the_same_moment_leaves_no_session()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        for (var round = 1; round <= AtOnce.Rounds(12); round++)
        {
            using var key = new SoftwarePasskey();
            var id = (await key.AddTo(person)).Should(201).Id;
            var options = await Options(app);
            var answer = Answered(options["attemptId"].GetGuid(), key.Get(options["options"])).ToJsonString();

            var signIn = Task.Run(() => app.Api.Post(SignIn, answer));
            (await Task.Run(() => person.Api.Delete($"{Mine}/{id}"))).Should(204);

            var signedIn = await signIn;
            if (signedIn.Status == 200)
                (await app.As(signedIn).Get("/api/users/me")).Should(401);
            else
                signedIn.Should(401, "users.passkey_invalid");
        }
    }

    [Fact]
    public async Task An_attempt_to_add_is_for_one_person_one_purpose_and_one_answer()
    {
        var app = await TestApp.StartedAsync();
        var (person, thief) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        using var key = new SoftwarePasskey();
        var attempt = (await person.Api.Post($"{Mine}/options")).Should(200);

        // The thief's key for the person's account, and the other way round.
        (await Finishes(thief.Api, attempt, key)).Should(422, "users.passkey_not_accepted");
        (await Finishes(person.Api, attempt, key)).Should(422, "users.passkey_not_accepted"); // it is used up
        var mixed = (await person.Api.Post($"{Mine}/options")).Should(200);
        var foreign = (await thief.Api.Post($"{Mine}/options")).Should(200);
        (await person.Api.Post(Mine, Named(mixed["attemptId"].GetGuid(), key.Create(foreign["options"])))).Should(
            422,
            "users.passkey_not_accepted"
        );
        (
            await person.Api.Post(
                Mine,
                Named((await Options(app))["attemptId"].GetGuid(), key.Create(foreign["options"]))
            )
        ).Should(422, "users.passkey_not_accepted");

        var good = (await person.Api.Post($"{Mine}/options")).Should(200);
        (await Finishes(person.Api, good, key)).Should(201);
        (await Finishes(person.Api, good, key)).Should(422, "users.passkey_not_accepted");
        Assert.Empty((await thief.Api.Get(Mine)).Items);
        Assert.Single((await person.Api.Get(Mine)).Items);
    }

    [Fact]
    public async Task A_key_is_added_once_by_one_person_even_at_once()
    {
        var app = await TestApp.StartedAsync();
        var (first, second) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        for (var round = 1; round <= 4; round++) // as many as fit an account
        {
            using var key = new SoftwarePasskey();
            var (one, two) = (await first.Api.Post($"{Mine}/options"), await second.Api.Post($"{Mine}/options"));
            var (mine, theirs) = (key.Create(one["options"]), key.Create(two["options"]));

            var answers = await Task.WhenAll(
                Task.Run(() => first.Api.Post(Mine, Named(one["attemptId"].GetGuid(), mine))),
                Task.Run(() => second.Api.Post(Mine, Named(two["attemptId"].GetGuid(), theirs)))
            );

            Assert.Single(answers, answer => answer.Status == 201);
            answers.Single(answer => answer.Status != 201).Should(422, "users.passkey_not_accepted");
            Assert.Equal(1, await app.Count("passkeys", "credential_id = $1", key.CredentialId));
        }
    }

    [Fact]
    public async Task Wrong_answers_to_a_registration_are_refused()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        foreach (
            var key in new SoftwarePasskey[]
            {
                new() { Origin = "https://practise.test" },
                new() { RpId = "practise.test" },
                new() { CrossOrigin = true },
                new() { Verified = false },
            }
        )
        {
            (await key.AddTo(person)).Should(422, "users.passkey_not_accepted");
            key.Dispose();
        }

        Assert.Empty((await person.Api.Get(Mine)).Items);
    }

    [Fact]
    public async Task What_the_client_says_about_its_device_is_not_kept_as_it_says_it()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        using var key = new SoftwarePasskey { Transports = ["usb", "\u0000", new string('x', 5_000)] };

        (await key.AddTo(person)).Should(201);

        Assert.Equal(
            """["usb"]""",
            await app.Owner.Scalar<string>(
                "select data ->> 'Transports' from users.passkeys where user_id = $1",
                person.Id
            )
        );
    }

    [Fact]
    public async Task Name_attempt_and_answer_are_required_and_bounded()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var id = Guid.CreateVersion7();

        (await person.Api.Post(Mine, new { })).ShouldReject("attemptId", "name", "credential");
        (await person.Api.Post(Mine, Named(id, [], " \u200b"))).ShouldReject("name");
        (await person.Api.Post(Mine, Named(id, [], new string('n', 61)))).ShouldReject("name");
        (await person.Api.Post(Mine, Named(id, new JsonObject { ["id"] = new string('x', 13_000) }))).ShouldReject(
            "credential"
        );
        (await person.Api.Post(Mine, $$"""{"attemptId": "{{id}}", "name": "N", "credential": "text"}""")).ShouldReject(
            "credential"
        );
        (await app.Api.Post(SignIn, new { })).ShouldReject("attemptId", "credential");
        (await app.Api.Post(Mine, new { })).Should(401);
    }

    [Fact]
    public async Task A_deleted_account_does_not_sign_in()
    {
        var (app, person, key) = await WithPasskey();
        await app.Owner.Execute("delete from users.accounts where id = $1", person.Id);

        (await SignsIn(app, key)).Should(401, "users.passkey_invalid");
        Assert.Equal(0, await app.Count("passkeys", "user_id = $1", person.Id));
    }

    [Fact]
    public async Task A_temporary_password_limits_the_session_and_an_expired_one_ends_sign_in()
    {
        var (app, person, key) = await WithPasskey();
        const string set = "update users.accounts set must_change_password = true, temporary_password_expires_at = $2 ";
        await app.Owner.Execute($"{set} where id = $1", person.Id, DateTimeOffset.UtcNow.AddHours(1));
        var limited = (await SignsIn(app, key)).Should(200);
        Assert.True(limited["mustChangePassword"].GetBoolean());
        (await app.As(limited).Get(Mine)).Should(403, "users.password_change_required");

        await app.Owner.Execute($"{set} where id = $1", person.Id, DateTimeOffset.UtcNow.AddHours(-1));
        (await SignsIn(app, key)).Should(401, "users.passkey_invalid");
    }

    [Fact]
    public async Task Wrong_passwords_do_not_keep_a_passkey_out()
    {
        var (app, person, key) = await WithPasskey();
        for (var failure = 1; failure <= 5; failure++)
            (await app.TrySignIn(person.Email, "not the password")).Should(401);
        (await app.TrySignIn(person.Email, person.Password)).Should(429, "users.locked_out");

        (await SignsIn(app, key)).Should(200);

        (await app.TrySignIn(person.Email, person.Password)).Should(200); // the place is known now
    }

    [Fact]
    public async Task A_sign_in_with_a_passkey_takes_back_no_strangers_guesses()
    {
        var (app, person, key) = await WithPasskey();
        var email = person.Email.ToUpperInvariant();
        await app.Owner.Execute(
            """
            delete from users.sign_in_counts where email_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex')
            """,
            email
        );
        await app.Owner.Execute(
            """
            insert into users.sign_in_counts (email_hash, address_hash, failures, last_at, blocked_until)
            values (encode(sha256(convert_to($1, 'UTF8')), 'hex'), '', 50, now(), now() + interval '1 hour')
            """,
            email
        );

        (await SignsIn(app, key)).Should(200);

        Assert.Equal(
            50,
            await app.Owner.Scalar<int>(
                """
                select failures from users.sign_in_counts
                where email_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex') and address_hash = ''
                    and blocked_until > now()
                """,
                email
            )
        );
    }

    [Fact]
    public async Task Adding_and_removing_a_passkey_take_a_recent_verification()
    {
        var (app, person, _) = await WithPasskey();
        var id = (await person.Api.Get(Mine)).Items.Single().GetProperty("id").GetGuid();
        await app.VerificationEnds(person.Id);

        (await person.Api.Post($"{Mine}/options")).Should(403, "auth.verification_required");
        (await person.Api.Delete($"{Mine}/{id}")).Should(403, "auth.verification_required");

        (await person.Api.Post("/api/users/me/verify", new { password = person.Password })).Should(204);
        (await person.Api.Post($"{Mine}/options")).Should(200);
        (await person.Api.Delete($"{Mine}/{id}")).Should(204);
    }

    [Fact]
    public async Task A_passkey_verifies_the_session_in_place_of_the_password()
    {
        var (app, person, key) = await WithPasskey();
        var session = await person.SignsInAgain(); // with the password only
        await app.VerificationEnds(person.Id);

        (await Verifies(session.Api, key)).Should(204);

        (await session.Api.Post($"{Mine}/options")).Should(200);
        (await person.Api.Post($"{Mine}/options")).Should(403, "auth.verification_required"); // another session
        Assert.Equal(2, await app.Count("sessions", "account_id = $1 and second_factor_shown", person.Id));
        Assert.Equal(1, await app.Audited(person.Id, "users.session_verified"));
    }

    [Fact]
    public async Task Another_persons_passkey_or_a_sign_ins_answer_verifies_nothing()
    {
        var (app, person, key) = await WithPasskey();
        var (_, thief, theirs) = await WithPasskey();
        await app.VerificationEnds(person.Id);

        (await Verifies(person.Api, theirs)).Should(422, "users.passkey_not_accepted");
        theirs.UserHandle = person.Id.ToString();
        (await Verifies(person.Api, theirs)).Should(422, "users.passkey_not_accepted");
        var signIn = await Options(app);
        (await person.Api.Post(Verify, Answered(signIn["attemptId"].GetGuid(), key.Get(signIn["options"])))).Should(
            422,
            "users.passkey_not_accepted"
        );
        var begun = (await person.Api.Post($"{Verify}/options")).Should(200);
        (await thief.Api.Post(Verify, Answered(begun["attemptId"].GetGuid(), key.Get(begun["options"])))).Should(
            422,
            "users.passkey_not_accepted"
        );

        var elsewhere = (await (await person.SignsInAgain()).Api.Post($"{Verify}/options")).Should(200);
        (
            await person.Api.Post(Verify, Answered(elsewhere["attemptId"].GetGuid(), key.Get(elsewhere["options"])))
        ).Should(422, "users.passkey_not_accepted"); // their own challenge, of another session

        (await person.Api.Post($"{Mine}/options")).Should(403, "auth.verification_required");
    }

    [Fact]
    public async Task Without_a_passkey_the_password_verifies()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        (await person.Api.Post($"{Verify}/options")).Should(409, "users.no_passkey");
    }

    [Fact]
    public async Task A_password_reset_by_mail_keeps_passkeys_as_it_keeps_two_factors()
    {
        var (app, person, key) = await WithPasskey();
        var token = await app.IssueLink(LinkPurpose.ResetPassword, person.Id);

        (await app.Api.Post("/api/users/reset-password", new { token, password = People.NewPassword() })).Should(204);

        (await SignsIn(app, key)).Should(200);
    }

    [Theory]
    [InlineData(LinkPurpose.ConfirmAccount, "/api/users/confirm-email")]
    [InlineData(LinkPurpose.ResetPassword, "/api/users/reset-password")]
    public async Task Who_takes_an_added_account_over_takes_it_without_the_passkeys_set_up_before(
        LinkPurpose purpose,
        string call
    )
    {
        var app = await TestApp.StartedAsync();
        var (id, email, temporary) = await app.AddsPerson();
        var password = People.NewPassword();
        var administrator = app.As((await app.TrySignIn(email, temporary)).Should(200));
        (
            await administrator.Put(
                "/api/users/me/password",
                new { currentPassword = temporary, newPassword = password }
            )
        ).Should(204);
        var impostor = new Person(app, id, email, password, "Ada", "Moss", await app.SignIn(email, password));
        using var key = new SoftwarePasskey();
        (await key.AddTo(impostor)).Should(201);
        var pending = (await impostor.Api.Post($"{Mine}/options")).Should(200)["attemptId"].GetGuid();
        (await SignsIn(app, key)).Should(200);

        var token = await app.IssueLink(purpose, id);
        (await app.Api.Post(call, new { token, password = People.NewPassword() })).Should(204);

        (await SignsIn(app, key)).Should(401, "users.passkey_invalid");
        Assert.Equal(0, await app.Count("passkeys", "user_id = $1", id));
        Assert.Equal(0, await app.Count("passkey_attempts", "id = $1", pending));
    }

    [Fact]
    public async Task The_options_of_a_sign_in_are_alike_for_everyone()
    {
        var (app, person, _) = await WithPasskey();
        var shapes = new List<string>();
        foreach (var api in new[] { app.Api, person.Api, app.Api.WithToken("nonsense") })
        {
            var options = (await api.Post($"{SignIn}/options")).Should(200)["options"];
            Assert.Empty(options.GetProperty("allowCredentials").EnumerateArray());
            Assert.Equal("practice.test", options.GetProperty("rpId").GetString());
            Assert.Equal("required", options.GetProperty("userVerification").GetString());
            shapes.Add(
                options
                    .GetRawText()
                    .Replace(options.GetProperty("challenge").GetString()!, "", StringComparison.Ordinal)
            );
        }

        Assert.Single(shapes.Distinct());
    }

    [Fact]
    public async Task The_options_to_add_name_the_passkeys_that_the_person_has()
    {
        var (_, person, key) = await WithPasskey();

        var options = (await person.Api.Post($"{Mine}/options")).Should(200)["options"];

        Assert.Equal(
            System.Buffers.Text.Base64Url.EncodeToString(key.CredentialId),
            options.GetProperty("excludeCredentials").EnumerateArray().Single().GetProperty("id").GetString()
        );
        Assert.Equal("required", options.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString());
        Assert.Equal(person.Email, options.GetProperty("user").GetProperty("name").GetString());
    }

    private const string Site = "https://practice.test";

    /// <summary>The session in which the passkey was added counts as two factors too.</summary>
    private const int Added = 1;

    private static async Task<(TestApp App, Person Person, SoftwarePasskey Key)> WithPasskey()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var key = new SoftwarePasskey();
        (await key.AddTo(person)).Should(201);
        return (app, person, key);
    }

    private static async Task Removes(Person person)
    {
        var id = (await person.Api.Get(Mine)).Should(200).Items.Single().GetProperty("id").GetGuid();
        (await person.Api.Delete($"{Mine}/{id}")).Should(204);
    }

    private static Task<Answer> Finishes(ApiClient api, Answer attempt, SoftwarePasskey key, string name = "Phone") =>
        api.Post(Mine, Named(attempt["attemptId"].GetGuid(), key.Create(attempt["options"]), name));

    private static async Task<Answer> Options(TestApp app) => (await app.Api.Post($"{SignIn}/options")).Should(200);

    internal static async Task<Answer> SignsIn(TestApp app, SoftwarePasskey key)
    {
        var options = await Options(app);
        return await app.Api.Post(SignIn, Answered(options["attemptId"].GetGuid(), key.Get(options["options"])));
    }

    private static async Task<Answer> Verifies(ApiClient api, SoftwarePasskey key)
    {
        var begun = (await api.Post($"{Verify}/options")).Should(200);
        return await api.Post(Verify, Answered(begun["attemptId"].GetGuid(), key.Get(begun["options"])));
    }

    internal static JsonObject Answered(Guid attemptId, JsonObject credential) =>
        new() { ["attemptId"] = attemptId, ["credential"] = credential };

    private static JsonObject Named(Guid attemptId, JsonObject credential, string name = "Phone") =>
        new()
        {
            ["attemptId"] = attemptId,
            ["name"] = name,
            ["credential"] = credential,
        };
}
