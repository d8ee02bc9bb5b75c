using Practice.Contracts.Users;

namespace Practice.Users.Tests;

public sealed class SignUpTests
{
    [Fact]
    public async Task Signing_up_confirming_and_signing_in_shows_who_one_is()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        var me = (await person.Api.Get("/api/users/me")).Should(200);

        Assert.NotNull(me.ETag);
        Assert.Equal(person.Email, me["email"].GetString());
        Assert.True(me["emailConfirmed"].GetBoolean());
        Assert.False(me["mustChangePassword"].GetBoolean());
        Assert.Equal(1, await app.Audited(person.Id, "users.sign_up_confirmed"));
    }

    [Fact]
    public async Task An_unconfirmed_sign_up_is_nothing_yet()
    {
        var app = await TestApp.StartedAsync();
        var (email, password) = (People.NewEmail(), People.NewPassword());
        (await app.SignUp(email, password)).Should(201);

        (await app.TrySignIn(email, password)).Should(401, "users.invalid_credentials");
        Assert.Null((await app.Ask(new FindAccountByEmail(email))).Account);
    }

    [Fact]
    public async Task The_account_has_the_id_that_the_sign_up_answered()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        var id = (await app.SignUp(email)).Should(201).Id;
        (await app.Confirm((await app.Mail.WaitFor(email)).Token)).Should(204);

        Assert.Equal(id, (await app.Ask(new FindAccountByEmail(email))).Account!.UserId);
    }

    [Fact]
    public async Task A_taken_email_is_answered_alike_and_its_owner_is_mailed()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();

        var again = (await app.SignUp(owner.Email.ToUpperInvariant())).Should(201);

        Assert.NotEqual(owner.Id, again.Id);
        Assert.Equal("""{"id":""", again.Text[..6]);
        Assert.Null((await app.Mail.WaitFor(owner.Email, "already have an account")).Token);
        Assert.Equal(0, await app.Count("pending_sign_ups", "normalized_email = $1", owner.Email.ToUpperInvariant()));
    }

    [Fact]
    public async Task An_email_keeps_its_display_form_and_is_the_same_in_another_case_and_with_space_around_it()
    {
        var app = await TestApp.StartedAsync();
        var (email, password) = ($"Display.{People.NewEmail()}", People.NewPassword());
        (await app.SignUp($"  {email} ", password)).Should(201);
        (await app.Confirm((await app.Mail.WaitFor(email)).Token)).Should(204);

        var api = app.As((await app.TrySignIn($" {email.ToUpperInvariant()}  ", password)).Should(200));

        Assert.Equal(email, (await api.Get("/api/users/me"))["email"].GetString());
    }

    [Fact]
    public async Task Confirming_one_sign_up_voids_the_others_for_that_email()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email)).Should(201);
        var first = (await app.Mail.WaitFor(email)).Token;
        (await app.SignUp(email)).Should(201);
        var second = (await app.Mail.WaitFor(email, mail => mail.Token != first)).Token;

        (await app.Confirm(second)).Should(204);

        (await app.Confirm(first)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task Two_sign_ups_of_one_email_confirmed_at_once_make_one_account()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email)).Should(201);
        var first = (await app.Mail.WaitFor(email)).Token;
        (await app.SignUp(email)).Should(201);
        var second = (await app.Mail.WaitFor(email, mail => mail.Token != first)).Token;

        var answers = await Task.WhenAll(
            app.Confirm(first),
            app.Confirm(second),
            app.Confirm(first),
            app.Confirm(second)
        );

        Assert.Single(answers, answer => answer.Status == 204);
        Assert.All(answers.Where(answer => answer.Status != 204), answer => answer.Should(410, "users.link_expired"));
        Assert.Equal(1, await app.Count("accounts", "normalized_email = $1", email.ToUpperInvariant()));
    }

    [Fact]
    public async Task A_confirmation_link_works_once()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email)).Should(201);
        var token = (await app.Mail.WaitFor(email)).Token;

        (await app.Confirm(token)).Should(204);
        (await app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task A_link_that_we_never_sent_is_refused() =>
        (await (await TestApp.StartedAsync()).Confirm("never-sent")).Should(422, "users.link_invalid");

    [Fact]
    public async Task A_sign_ups_link_sets_no_other_password()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email)).Should(201);
        (await app.Confirm((await app.Mail.WaitFor(email)).Token, People.NewPassword())).ShouldRefuse("password");
    }

    [Fact]
    public async Task The_link_can_be_sent_again_and_nobody_learns_whether_it_was()
    {
        var app = await TestApp.StartedAsync();
        var (email, nobody) = (People.NewEmail(), People.NewEmail());
        (await app.SignUp(email)).Should(201);
        var first = (await app.Mail.WaitFor(email)).Token;

        var known = (await app.Api.Post("/api/users/resend-confirmation", new { email })).Should(202);
        var unknown = (await app.Api.Post("/api/users/resend-confirmation", new { email = nobody })).Should(202);

        Assert.Equal(known.Text, unknown.Text);
        (await app.Confirm((await app.Mail.WaitFor(email, mail => mail.Token != first)).Token)).Should(204);
        Assert.Empty(app.Mail.To(nobody));
    }

    [Fact]
    public async Task Each_link_says_whose_sign_up_it_is_in_no_words_of_the_one_who_signed_up()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email, firstName: "Robin")).Should(201);
        await app.Mail.WaitFor(email, mail => mail.Text.Contains("initials R. P.", StringComparison.Ordinal));
        (await app.SignUp(email, firstName: "Visit evil.example now")).Should(201);
        await app.Mail.WaitFor(email, mail => mail.Text.Contains("initials V. P.", StringComparison.Ordinal));

        (await app.Api.Post("/api/users/resend-confirmation", new { email })).Should(202);
        await Eventually.Is(() => Task.FromResult(app.Mail.To(email).Count == 4));
        Assert.Equal(
            2,
            app.Mail.To(email).Count(mail => mail.Text.Contains("initials R. P.", StringComparison.Ordinal))
        );
        Assert.DoesNotContain(app.Mail.To(email), mail => mail.Text.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_floods_anothers_mailbox_by_signing_up_or_asking_for_links()
    {
        var app = await TestApp.StartedAsync();
        var (stranger, person) = (People.NewEmail(), await app.SignUpAndConfirm());
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => app.SignUp(stranger)));
        await Task.WhenAll(
            Enumerable
                .Range(0, 15)
                .Select(_ => app.Api.Post("/api/users/forgot-password", new { email = person.Email }))
        );
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => app.SignUp(person.Email)));

        // The last of them all: when it has been dealt with, so have the others.
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>(
                "select count(*) from messaging.wolverine_incoming_envelopes where status = 'Incoming'"
            ) == 0
        );
        Assert.Equal(10, app.Mail.To(stranger).Count);
        Assert.Equal(10, app.Mail.To(person.Email).Count);
    }

    [Fact]
    public async Task A_link_to_a_sign_up_is_void_where_the_email_has_an_account_by_now()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email)).Should(201);
        var token = (await app.Mail.WaitFor(email)).Token;
        await app.Owner.Execute("create table if not exists public.kept as table users.pending_sign_ups with no data");
        await app.Owner.Execute("insert into public.kept select * from users.pending_sign_ups where email = $1", email);
        await app.AddsPerson(email);
        await app.Owner.Execute("insert into users.pending_sign_ups select * from public.kept where email = $1", email); // as one that was being made at the same moment

        var links = await app.Owner.Execute(
            "update users.links set used_at = null where token_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex')",
            token!
        );
        Assert.Equal(1, links);
        (await app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task A_sign_up_and_being_added_at_once_never_leave_both()
    {
        var app = await TestApp.StartedAsync();
        for (var round = 0; round < 25; round++)
        {
            var email = People.NewEmail();
            await Task.WhenAll(app.SignUp(email), app.AddsPerson(email));
            Assert.Equal(0, await app.Count("pending_sign_ups", "normalized_email = $1", email.ToUpperInvariant()));
        }
    }

    [Theory]
    [InlineData("short", "From 12")]
    [InlineData("Password123!", "easy to guess")]
    [InlineData("P@ssw0rd2024!", "easy to guess")]
    [InlineData("passwordpassword", "easy to guess")]
    [InlineData("123456789012", "easy to guess")]
    [InlineData("aaaaaaaaaaaaaa", "easy to guess")]
    [InlineData("abababababab", "easy to guess")]
    [InlineData("kimberly.jones1", "easy to guess")]
    [InlineData("Kimberly!!!!2024", "easy to guess")]
    [InlineData("Password2024__", "easy to guess")]
    public async Task A_password_that_is_guessed_first_is_refused(string password, string why)
    {
        var app = await TestApp.StartedAsync();
        var answer = await app.Api.Post(
            "/api/users/sign-up",
            new
            {
                firstName = "Kimberly",
                lastName = "Jones",
                email = "kimberly.jones@practice.test",
                password,
            }
        );
        answer.ShouldRefuse("password");
        Assert.Contains(why, Assert.Single(answer.ErrorsOf("password")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all small letters here")]
    [InlineData("四つの言葉で作る長い合い言葉")]
    [InlineData("123456 is not what it seems")]
    [InlineData("~#%^&*()-=+?|/<>")]
    public async Task Any_other_password_of_12_to_128_characters_will_do(string password)
    {
        var app = await TestApp.StartedAsync();
        (await app.SignUp(People.NewEmail(), password)).Should(201);
    }
}
