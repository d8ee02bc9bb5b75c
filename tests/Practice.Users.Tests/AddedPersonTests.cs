using Practice.Contracts.Groups;
using Practice.Contracts.Users;

namespace Practice.Users.Tests;

/// <summary>Accounts created by an administrator, with a temporary password.</summary>
public sealed class AddedPersonTests
{
    [Fact]
    public async Task With_a_temporary_password_a_person_can_only_change_it()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var signedIn = (await app.TrySignIn(added.Email, added.Password)).Should(200);
        var api = app.As(signedIn);

        Assert.True(signedIn["mustChangePassword"].GetBoolean());
        var me = (await api.Get("/api/users/me")).Should(200);
        Assert.True(me["mustChangePassword"].GetBoolean());
        Assert.False(me["emailConfirmed"].GetBoolean());
        foreach (var path in (string[])["me/sessions", "me/notifications", "me/notifications/unread-count"])
            (await api.Get($"/api/users/{path}")).Should(403, "users.password_change_required");
        foreach (var path in (string[])["me/two-factor", "me/two-factor/enable", "sign-out-everywhere"])
            (await api.Post($"/api/users/{path}", new { code = "123456" })).Should(
                403,
                "users.password_change_required"
            );
        (await api.Put("/api/users/me", new { firstName = "A", lastName = "B" }, me.ETag)).Should(
            403,
            "users.password_change_required"
        );

        var refreshed = (await app.Refresh(signedIn.RefreshToken())).Should(200);
        Assert.True(refreshed["mustChangePassword"].GetBoolean());
        (await app.As(refreshed).Get("/api/users/me/sessions")).Should(403, "users.password_change_required");
        (await api.Post("/api/users/sign-out")).Should(204);
    }

    [Fact]
    public async Task After_changing_the_temporary_password_the_same_session_can_do_everything()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var api = app.As((await app.TrySignIn(added.Email, added.Password)).Should(200));
        var chosen = People.NewPassword();

        (
            await api.Put("/api/users/me/password", new { currentPassword = added.Password, newPassword = chosen })
        ).Should(204);

        Assert.False((await api.Get("/api/users/me")).Should(200)["mustChangePassword"].GetBoolean());
        (await api.Get("/api/users/me/notifications")).Should(200);
        (await app.TrySignIn(added.Email, added.Password)).Should(401);
        Assert.False((await app.TrySignIn(added.Email, chosen)).Should(200)["mustChangePassword"].GetBoolean());
    }

    [Fact]
    public async Task A_temporary_password_cannot_be_kept()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var api = app.As((await app.TrySignIn(added.Email, added.Password)).Should(200));

        (
            await api.Put(
                "/api/users/me/password",
                new { currentPassword = added.Password, newPassword = added.Password }
            )
        ).ShouldReject("newPassword");

        var token = await LinkOf(app, added.Email);
        (await app.Confirm(token, added.Password)).ShouldReject("password");
    }

    [Fact]
    public async Task The_emailed_link_sets_the_persons_own_password_and_ends_earlier_sessions()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var before = app.As((await app.TrySignIn(added.Email, added.Password)).Should(200));
        var token = await LinkOf(app, added.Email);
        var chosen = People.NewPassword();

        (await app.Confirm(token)).ShouldReject("password");
        (await app.Confirm(token, chosen)).Should(204);

        (await before.Get("/api/users/me")).Should(401);
        (await app.TrySignIn(added.Email, added.Password)).Should(401);
        var me = await app.As((await app.TrySignIn(added.Email, chosen)).Should(200)).Get("/api/users/me");
        Assert.True(me["emailConfirmed"].GetBoolean());
        (await app.Confirm(token, People.NewPassword())).Should(410, "users.link_expired");
        Assert.Equal(1, await app.Audited(added.Id, "users.email_confirmed"));
    }

    [Fact]
    public async Task A_second_factor_set_up_before_the_link_was_followed_is_removed()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var api = app.As((await app.TrySignIn(added.Email, added.Password)).Should(200));
        var own = People.NewPassword();
        (await api.Put("/api/users/me/password", new { currentPassword = added.Password, newPassword = own })).Should(
            204
        );
        await TwoFactorTests.Enable(api, own);
        var chosen = People.NewPassword();

        (await app.Confirm(await LinkOf(app, added.Email), chosen)).Should(204);

        (await app.TrySignIn(added.Email, chosen)).Should(200);
    }

    [Fact]
    public async Task Email_categories_switched_off_before_the_link_was_followed_are_on_again_except_onboarding()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var api = app.As((await app.TrySignIn(added.Email, added.Password)).Should(200));
        (
            await api.Put(
                "/api/users/me/password",
                new { currentPassword = added.Password, newPassword = People.NewPassword() }
            )
        ).Should(204);
        (
            await api.Change(
                "/api/users/me/mail-preferences",
                new
                {
                    onboarding = false,
                    invitations = false,
                    memberships = false,
                    portal = false,
                }
            )
        ).Should(204);
        var chosen = People.NewPassword();

        (await app.Confirm(await LinkOf(app, added.Email), chosen)).Should(204);

        var mine = app.As((await app.TrySignIn(added.Email, chosen)).Should(200));
        Assert.Equal("False True True True", await Wanted());
        (
            await mine.Change(
                "/api/users/me/mail-preferences",
                new
                {
                    onboarding = true,
                    invitations = false,
                    memberships = true,
                    portal = false,
                }
            )
        ).Should(204);
        (await app.Api.Post("/api/users/forgot-password", new { email = added.Email })).Should(202);
        (
            await app.Api.Post(
                "/api/users/reset-password",
                new
                {
                    token = (await app.Mail.WaitFor(added.Email, "new password")).Token,
                    password = chosen = People.NewPassword(),
                }
            )
        ).Should(204);
        mine = app.As((await app.TrySignIn(added.Email, chosen)).Should(200));
        Assert.Equal("True False True False", await Wanted()); // the person's own choice stays

        async Task<string> Wanted()
        {
            var read = (await mine.Get("/api/users/me/mail-preferences")).Should(200);
            return string.Join(
                ' ',
                new[] { "onboarding", "invitations", "memberships", "portal" }.Select(kind => read[kind].GetBoolean())
            );
        }
    }

    [Fact]
    public async Task Resetting_a_forgotten_password_confirms_the_email_as_the_link_does()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        (await app.Api.Post("/api/users/forgot-password", new { email = added.Email })).Should(202);
        var token = (await app.Mail.WaitFor(added.Email, "new password")).Token;
        var chosen = People.NewPassword();

        (await app.Api.Post("/api/users/reset-password", new { token, password = added.Password })).ShouldReject(
            "password"
        );
        (await app.Api.Post("/api/users/reset-password", new { token, password = chosen })).Should(204);

        var me = await app.As((await app.TrySignIn(added.Email, chosen)).Should(200)).Get("/api/users/me");
        Assert.True(me["emailConfirmed"].GetBoolean());
        Assert.False(me["mustChangePassword"].GetBoolean());
    }

    [Fact]
    public async Task Adding_an_account_again_takes_the_newer_names_and_password()
    {
        var app = await TestApp.StartedAsync();
        var (id, group, email) = (Guid.CreateVersion7(), Guid.CreateVersion7(), People.NewEmail());
        var (first, second) = (People.NewPassword(), People.NewPassword());
        await app.InvokeAsSystem(
            new AddAccount(id, group, email, null, "Ada", "Moss", first, 1, Guid.CreateVersion7())
        );
        var before = app.As((await app.TrySignIn(email, first)).Should(200));

        Assert.False(
            (
                await app.InvokeAsSystem(
                    new AddAccount(id, group, email, "Dr", "Ida", "Moss", second, 1, Guid.CreateVersion7())
                )
            ).IsError
        );

        (await before.Get("/api/users/me")).Should(401);
        (await app.TrySignIn(email, first)).Should(401);
        var me = await app.As((await app.TrySignIn(email, second)).Should(200)).Get("/api/users/me");
        Assert.Equal(("Dr", "Ida"), (me["title"].GetString(), me["firstName"].GetString()));
    }

    [Fact]
    public async Task Of_two_attempts_to_add_a_person_the_later_one_wins_in_any_order()
    {
        var app = await TestApp.StartedAsync();
        var (id, group, email, administrator) = (
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            People.NewEmail(),
            Guid.CreateVersion7()
        );
        var (first, second) = (People.NewPassword(), People.NewPassword());
        Assert.False(
            (
                await app.InvokeAsSystem(
                    new AddAccount(id, group, email, null, "Ida", "Moss", second, 2, administrator)
                )
            ).IsError
        );

        var late = await app.InvokeAsSystem(
            new AddAccount(id, group, email, null, "Ada", "Moss", first, 1, administrator)
        );

        Assert.Equal((409, "users.attempt_superseded"), (late.FirstError.NumericType, late.FirstError.Code));
        (await app.TrySignIn(email, first)).Should(401);
        (await app.TrySignIn(email, second)).Should(200);
        Assert.Equal(
            administrator,
            await app.Owner.Scalar<Guid>(
                "select actor_id from audit.entries where subject_id = $1 and act = 'users.account_added'",
                id
            )
        );
    }

    [Fact]
    public async Task An_account_that_the_person_has_taken_over_cannot_be_added_again()
    {
        var app = await TestApp.StartedAsync();
        var (id, group, email) = (Guid.CreateVersion7(), Guid.CreateVersion7(), People.NewEmail());
        var (temporary, chosen) = (People.NewPassword(), People.NewPassword());
        await app.InvokeAsSystem(
            new AddAccount(id, group, email, null, "Ada", "Moss", temporary, 1, Guid.CreateVersion7())
        );
        var api = app.As((await app.TrySignIn(email, temporary)).Should(200));
        (await api.Put("/api/users/me/password", new { currentPassword = temporary, newPassword = chosen })).Should(
            204
        );

        var again = await app.InvokeAsSystem(
            new AddAccount(id, group, email, null, "Ida", "Moss", People.NewPassword(), 1, Guid.CreateVersion7())
        );

        Assert.Equal("users.email_taken", again.FirstError.Code);
        (await app.TrySignIn(email, chosen)).Should(200);
        Assert.Equal("Ada", (await api.Get("/api/users/me"))["firstName"].GetString());
    }

    [Fact]
    public async Task Of_many_people_those_who_cannot_be_added_stop_no_other()
    {
        var app = await TestApp.StartedAsync();
        var (group, administrator) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (holder, later, pending) = (await app.AddsPerson(), PersonToAdd(2), PersonToAdd(1));
        (
            await app.Api.Post(
                "/api/users/sign-up",
                new
                {
                    firstName = "Ada",
                    lastName = "Moss",
                    email = pending.Email,
                    password = People.NewPassword(),
                }
            )
        ).Should(201);
        Assert.Equal([AccountOutcome.Added], await Add(later));

        Assert.Equal(
            [AccountOutcome.EmailTaken, AccountOutcome.Added, AccountOutcome.AttemptSuperseded, AccountOutcome.Added],
            await Add(PersonToAdd(1) with { Email = holder.Email }, PersonToAdd(1), later with { Attempt = 1 }, pending)
        );
        Assert.Equal(0, await app.Count("pending_sign_ups", "normalized_email = $1", pending.Email.ToUpperInvariant()));
        Assert.Equal(1, await app.Audited(pending.UserId, "users.account_added"));

        // A repeat, as after a crash, brings the names up to date; who has another account by then is not changed.
        Assert.Equal(
            [AccountOutcome.Added, AccountOutcome.EmailTaken],
            await Add(later with { FirstName = "Ida", Attempt = 3 }, PersonToAdd(1) with { UserId = holder.Id })
        );
        Assert.Equal("Ida", (await app.Query(new FindAccount(later.UserId))).Account!.FirstName);
        Assert.Equal("Ada", (await app.Query(new FindAccount(holder.Id))).Account!.FirstName);

        static PersonToAdd PersonToAdd(int attempt) =>
            new(Guid.CreateVersion7(), People.NewEmail(), null, "Ada", "Moss", attempt);

        async Task<IReadOnlyList<AccountOutcome>> Add(params PersonToAdd[] people) =>
            (await app.InvokeAsSystem(new AddAccounts(group, people, administrator))).Value.Outcomes;
    }

    [Fact]
    public async Task An_email_is_added_once_even_by_several_groups_at_once()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    app.InvokeAsSystem(
                        new AddAccount(
                            Guid.CreateVersion7(),
                            Guid.CreateVersion7(),
                            email,
                            null,
                            "Ada",
                            "Moss",
                            People.NewPassword(),
                            1,
                            Guid.CreateVersion7()
                        )
                    )
                )
        );

        Assert.Single(answers, answer => !answer.IsError);
        Assert.All(answers.Where(answer => answer.IsError), answer =>
            Assert.Equal((409, "users.email_taken"), (answer.FirstError.NumericType, answer.FirstError.Code))
        );
        Assert.Equal(1, await app.Count("accounts", "normalized_email = $1", email.ToUpperInvariant()));
    }

    [Fact]
    public async Task Adding_a_person_deletes_their_pending_sign_ups()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email)).Should(201);
        var token = (await app.Mail.WaitFor(email)).Token;

        await app.AddsPerson(email);

        (await app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task An_easily_guessed_temporary_password_is_rejected()
    {
        var app = await TestApp.StartedAsync();
        var refused = await app.InvokeAsSystem(
            new AddAccount(
                Guid.CreateVersion7(),
                Guid.CreateVersion7(),
                People.NewEmail(),
                null,
                "Ada",
                "Moss",
                "Password123!",
                1,
                Guid.CreateVersion7()
            )
        );
        Assert.Equal("password", refused.FirstError.Code);
    }

    [Fact]
    public async Task Resetting_the_password_of_an_unconfirmed_account_does_what_the_welcome_link_does()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();
        var before = app.As((await app.TrySignIn(added.Email, added.Password)).Should(200));
        var own = People.NewPassword();
        (
            await before.Put("/api/users/me/password", new { currentPassword = added.Password, newPassword = own })
        ).Should(204);
        await TwoFactorTests.Enable(before, own);
        (await app.Api.Post("/api/users/forgot-password", new { email = added.Email })).Should(202);
        var token = (await app.Mail.WaitFor(added.Email, "new password")).Token;
        var chosen = People.NewPassword();

        (await app.Api.Post("/api/users/reset-password", new { token, password = chosen })).Should(204);

        (await before.Get("/api/users/me")).Should(401);
        var me = await app.As((await app.TrySignIn(added.Email, chosen)).Should(200)).Get("/api/users/me");
        Assert.Equal((true, false), (me["emailConfirmed"].GetBoolean(), me["twoFactorEnabled"].GetBoolean()));
    }

    [Fact]
    public async Task A_person_added_without_a_password_signs_in_only_after_following_the_welcome_link()
    {
        var app = await TestApp.StartedAsync();
        var (id, email, chosen) = (Guid.CreateVersion7(), People.NewEmail(), People.NewPassword());
        Assert.False(
            (
                await app.InvokeAsSystem(
                    new AddAccount(
                        id,
                        Guid.CreateVersion7(),
                        email,
                        null,
                        "Ada",
                        "Moss",
                        null,
                        1,
                        Guid.CreateVersion7()
                    )
                )
            ).IsError
        );
        await app.Publishes(new MemberJoined(Guid.CreateVersion7(), "Harbour Clinic", id, AccountIsNew: true));
        (await app.TrySignIn(email, chosen)).Should(401, "users.invalid_credentials");

        (await app.Confirm((await app.Mail.WaitFor(email, "Welcome to Harbour Clinic")).Token, chosen)).Should(204);

        var me = await app.As((await app.TrySignIn(email, chosen)).Should(200)).Get("/api/users/me");
        Assert.Equal((true, false), (me["emailConfirmed"].GetBoolean(), me["mustChangePassword"].GetBoolean()));
    }

    [Fact]
    public async Task The_adding_group_can_reissue_a_temporary_password_which_ends_the_sessions()
    {
        var app = await TestApp.StartedAsync();
        var practice = await (await app.SignUpAndConfirm()).CreatesGroup();
        var (by, group, email, first, second) = (
            practice.Owner.Id,
            practice.Id,
            People.NewEmail(),
            People.NewPassword(),
            People.NewPassword()
        );
        var id = await Adds(practice, email, first);
        var before = app.As((await app.TrySignIn(email, first)).Should(200));

        Assert.Equal(
            "password",
            (await app.InvokeAsSystem(new ReissueTemporaryPassword(id, group, "Password123!", by))).FirstError.Code
        );
        Assert.Equal(
            "auth.not_allowed",
            (await app.InvokeAsSystem(new ReissueTemporaryPassword(id, Guid.CreateVersion7(), second, by)))
                .FirstError
                .Code
        );
        (await before.Get("/api/users/me")).Should(200);
        Assert.False((await app.InvokeAsSystem(new ReissueTemporaryPassword(id, group, second, by))).IsError);

        (await before.Get("/api/users/me")).Should(401);
        (await app.TrySignIn(email, first)).Should(401);
        Assert.True((await app.TrySignIn(email, second)).Should(200)["mustChangePassword"].GetBoolean());
        var left = await app.Owner.Scalar<TimeSpan>(
            "select temporary_password_expires_at - now() from users.accounts where id = $1",
            id
        );
        Assert.InRange(left.TotalDays, 6.9, 7);
        // One entry, in the group's audit, for the one call of these that has done something.
        Assert.Equal(
            (group, by),
            Assert.Single(
                await app.Owner.Rows(
                    """
                    select group_id, actor_id from audit.entries
                    where subject_id = $1 and act like '%temporary_password_set'
                    """,
                    id
                )
            )
                is [Guid inGroup, Guid actor]
                ? (inGroup, actor)
                : default
        );
    }

    private static async Task<Guid> Adds(Group practice, string email, string password) =>
        (await practice.Owner.Api.Post($"{practice.Path}/members", Group.Member(email, "reception", password)))
            .Should(201)["userId"]
            .GetGuid();

    [Fact]
    public async Task A_confirmed_account_cannot_get_a_temporary_password()
    {
        var app = await TestApp.StartedAsync();
        var practice = await (await app.SignUpAndConfirm()).CreatesGroup();
        var (by, group, email, chosen) = (practice.Owner.Id, practice.Id, People.NewEmail(), People.NewPassword());
        var id = await Adds(practice, email, People.NewPassword());
        (await app.Confirm(await LinkOf(app, email), chosen)).Should(204);

        var refused = (
            await app.InvokeAsSystem(new ReissueTemporaryPassword(id, group, People.NewPassword(), by))
        ).FirstError;

        Assert.Equal((409, "users.account_confirmed"), (refused.NumericType, refused.Code));
        (await app.TrySignIn(email, chosen)).Should(200);
        var person = await app.SignUpAndConfirm();
        await practice.Welcomes(person);
        Assert.Equal(
            "users.not_added_here",
            (await app.InvokeAsSystem(new ReissueTemporaryPassword(person.Id, group, People.NewPassword(), by)))
                .FirstError
                .Code
        );
    }

    private static async Task<string?> LinkOf(TestApp app, string email)
    {
        (await app.Api.Post("/api/users/resend-confirmation", new { email })).Should(202);
        return (await app.Mail.WaitFor(email, mail => mail.Token is not null)).Token;
    }
}
