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

        var answers = await Task.WhenAll(app.Confirm(first), app.Confirm(second), app.Confirm(first), app.Confirm(second));

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
    public async Task A_password_that_is_guessed_first_is_refused(string password, string why)
    {
        var app = await TestApp.StartedAsync();
        var answer = await app.Api.Post("/api/users/sign-up",
            new { firstName = "Kimberly", lastName = "Jones", email = "kimberly.jones@practice.test", password });
        answer.ShouldRefuse("password");
        Assert.Contains(why, Assert.Single(answer.ErrorsOf("password")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all small letters here")]
    [InlineData("四つの言葉で作る長い合い言葉")]
    [InlineData("123456 is not what it seems")]
    public async Task Any_other_password_of_12_to_128_characters_will_do(string password)
    {
        var app = await TestApp.StartedAsync();
        (await app.SignUp(People.NewEmail(), password)).Should(201);
    }
}
