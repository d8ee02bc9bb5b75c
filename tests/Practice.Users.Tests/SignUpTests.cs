using System.Globalization;
using Practice.Contracts.Users;

namespace Practice.Users.Tests;

public sealed class SignUpTests
{
    [Theory]
    [InlineData("{0}@b\u00FCcher.example", "{0}@xn--bcher-kva.example")] // the same domain, in letters and in ASCII
    [InlineData("{0}@b\u00FCcher.example", "{0}@bu\u0308cher\u3002EXAMPLE")] // and with another dot and accent
    [InlineData("{0}.jos\u00E9@practice.test", "{0}.jose\u0301@practice.test")]
    public async Task Two_spellings_of_one_address_are_one_account(string one, string other)
    {
        var app = await TestApp.StartedAsync();
        var name = $"person-{Guid.NewGuid():n}";
        var person = await app.SignUpAndConfirm(string.Format(CultureInfo.InvariantCulture, one, name));
        var spelled = string.Format(CultureInfo.InvariantCulture, other, name);
        Assert.Equal(person.Id, (await (await app.SignIn(spelled, person.Password)).Get("/api/users/me")).Id);

        (await app.SignUp(spelled)).Should(201); // as for every address: the mail says that there is an account
        await app.Mail.WaitFor(person.Email, mail => mail.Token is null, "the mail about the account that there is");
    }

    [Theory]
    [InlineData("bob\u202Egro.elpmaxe@practice.test")]
    [InlineData("bo\u200Bb@practice.test")]
    [InlineData("bob@prac\u00ADtice.test")]
    [InlineData("bob@-.test")]
    [InlineData("bob@\uFF50ractice.test")]
    public async Task An_address_that_hides_something_or_cannot_exist_is_rejected(string email) =>
        (await (await TestApp.StartedAsync()).SignUp(email)).ShouldReject("email");

    [Fact]
    public async Task A_name_is_stored_composed_and_without_what_cannot_be_seen()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        (
            await person.Api.Change(
                "/api/users/me",
                new { firstName = "Rene\u0301\u202E", lastName = "\uFEFFO\u200BNeill" }
            )
        ).Should(204);
        var me = await person.Api.Get("/api/users/me");
        Assert.Equal(("Ren\u00E9", "ONeill"), (me["firstName"].GetString(), me["lastName"].GetString()));
        (await person.Api.Change("/api/users/me", new { firstName = "\u200B", lastName = "\u00AD" })).ShouldReject(
            "firstName",
            "lastName"
        );
    }

    [Fact]
    public async Task A_person_who_signs_up_confirms_and_signs_in_sees_their_account()
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
    public async Task An_unconfirmed_sign_up_is_not_an_account()
    {
        var app = await TestApp.StartedAsync();
        var (email, password) = (People.NewEmail(), People.NewPassword());
        (await app.SignUp(email, password)).Should(201);

        (await app.TrySignIn(email, password)).Should(401, "users.invalid_credentials");
        Assert.Null((await app.Query(new FindAccountByEmail(email))).Account);
    }

    [Fact]
    public async Task The_account_has_the_id_that_the_sign_up_returned()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        var id = (await app.SignUp(email)).Should(201).Id;
        (await app.Confirm((await app.Mail.WaitFor(email)).Token)).Should(204);

        Assert.Equal(id, (await app.Query(new FindAccountByEmail(email))).Account!.UserId);
    }

    [Fact]
    public async Task A_taken_email_gets_the_same_answer_and_its_owner_gets_an_email()
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
    public async Task An_email_is_shown_as_typed_and_compared_without_case_and_surrounding_space()
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
    public async Task An_unknown_link_is_rejected() =>
        (await (await TestApp.StartedAsync()).Confirm("never-sent")).Should(422, "users.link_invalid");

    [Fact]
    public async Task Who_signed_up_with_the_address_of_another_person_does_not_know_the_password_that_this_one_enters()
    {
        var app = await TestApp.StartedAsync();
        var (email, planted, own) = (People.NewEmail(), People.NewPassword(), People.NewPassword());
        (await app.SignUp(email, planted)).Should(201);
        var mail = await app.Mail.WaitFor(email);
        Assert.Contains("/confirm-email?password&token=", mail.Text, StringComparison.Ordinal);

        (await app.Confirm(mail.Token, "short")).ShouldReject("password");
        (await app.Confirm(mail.Token, email)).ShouldReject("password");
        (await app.Confirm(mail.Token, own)).Should(204);

        (await app.TrySignIn(email, planted)).Should(401, "users.invalid_credentials");
        (await app.TrySignIn(email, own)).Should(200);
    }

    [Fact]
    public async Task The_link_of_a_change_of_email_sets_no_password()
    {
        var app = await TestApp.StartedAsync();
        var (person, email) = (await app.SignUpAndConfirm(), People.NewEmail());
        (await person.RequestsEmail(email)).Should(202);
        (await app.Confirm((await app.Mail.WaitFor(email)).Token, People.NewPassword())).ShouldReject("password");
    }

    [Fact]
    public async Task The_link_can_be_sent_again_and_the_answer_does_not_reveal_whether_it_was()
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
    public async Task Each_email_describes_its_sign_up_without_any_text_of_the_person_who_signed_up()
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
    public async Task Nobody_floods_another_persons_mailbox_by_signing_up_or_requesting_links()
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

        // All messages have been handled.
        await Eventually.Is(async () =>
            await app.Owner.Scalar<long>(
                "select count(*) from messaging.wolverine_incoming_envelopes where status = 'Incoming'"
            ) == 0
        );
        Assert.Equal(10, app.Mail.To(stranger).Count);
        // One that confirmed the sign-up, ten that reset the password, and ten of the kinds without a link.
        Assert.Equal(21, app.Mail.To(person.Email).Count);
    }

    [Fact]
    public async Task Strangers_do_not_use_up_the_letters_of_the_person_whose_address_it_is()
    {
        var app = await TestApp.StartedAsync();
        var (email, stranger) = (People.NewEmail(), app.ApiFrom("127.0.5.1"));
        for (var letter = 1; letter <= 11; letter++)
            (await stranger.Post("/api/users/sign-up", Robin(email, "Stranger"))).Should(201);
        await Eventually.Is(() => Task.FromResult(app.Mail.To(email).Count == 10));

        (await app.SignUp(email, firstName: "Mia")).Should(201);
        var own = await app.Mail.WaitFor(
            email,
            mail => mail.Text.Contains("initials M. P.", StringComparison.Ordinal),
            "the person's own letter"
        );
        (await app.Confirm(own.Token, People.NewPassword())).Should(204);

        var person = await app.SignUpAndConfirm();
        for (var letter = 1; letter <= 11; letter++)
            (await stranger.Post("/api/users/forgot-password", new { person.Email })).Should(202);
        await Eventually.Is(() => Task.FromResult(Resets() == 10));
        (await app.Api.Post("/api/users/forgot-password", new { person.Email })).Should(202);
        await Eventually.Is(() => Task.FromResult(Resets() == 11));

        int Resets() => app.Mail.To(person.Email).Count(mail => mail.Subject == "Set a new password");
        static object Robin(string email, string firstName) =>
            new
            {
                firstName,
                lastName = "Person",
                email,
                password = People.NewPassword(),
            };
    }

    [Fact]
    public async Task A_sign_up_link_does_not_work_if_the_email_has_an_account_by_now()
    {
        var app = await TestApp.StartedAsync();
        var email = People.NewEmail();
        (await app.SignUp(email)).Should(201);
        var token = (await app.Mail.WaitFor(email)).Token;
        await app.Owner.Execute("create table if not exists public.kept as table users.pending_sign_ups with no data");
        await app.Owner.Execute("insert into public.kept select * from users.pending_sign_ups where email = $1", email);
        await app.AddsPerson(email);
        // As a sign-up that was being stored at the same moment.
        await app.Owner.Execute("insert into users.pending_sign_ups select * from public.kept where email = $1", email);

        var links = await app.Owner.Execute(
            "update users.links set used_at = null where token_hash = encode(sha256(convert_to($1, 'UTF8')), 'hex')",
            token!
        );
        Assert.Equal(1, links);
        (await app.Confirm(token)).Should(410, "users.link_expired");
    }

    [Fact]
    public async Task A_sign_up_and_an_added_account_at_the_same_time_never_both_remain()
    {
        var app = await TestApp.StartedAsync();
        for (var round = 0; round < AtOnce.Rounds(10); round++)
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
    public async Task An_easily_guessed_password_is_rejected(string password, string why)
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
        answer.ShouldReject("password");
        Assert.Contains(why, Assert.Single(answer.ErrorsOf("password")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all small letters here")]
    [InlineData("四つの言葉で作る長い合い言葉")]
    [InlineData("123456 is not what it seems")]
    [InlineData("~#%^&*()-=+?|/<>")]
    public async Task Any_other_password_of_12_to_128_characters_is_accepted(string password)
    {
        var app = await TestApp.StartedAsync();
        (await app.SignUp(People.NewEmail(), password)).Should(201);
    }
}
