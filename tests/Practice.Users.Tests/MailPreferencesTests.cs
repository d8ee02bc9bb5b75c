using Practice.Contracts.Groups;

namespace Practice.Users.Tests;

[Collection(OwnHost.Collection)]
public sealed class MailPreferencesTests(OwnHost host)
{
    private const string Path = "/api/users/me/mail-preferences";

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task All_categories_of_email_are_on_by_default_and_are_switched_one_by_one()
    {
        var person = await _app.SignUpAndConfirm();
        Assert.Equal(
            """{"onboarding":true,"invitations":true,"memberships":true,"portal":true,"newSignIns":true,"reminders":true}""",
            (await person.Api.Get(Path)).Should(200).Text
        );

        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = true,
                    invitations = false,
                    memberships = true,
                }
            )
        ).Should(204);
        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = false,
                    invitations = false,
                    memberships = true,
                }
            )
        ).Should(204);

        Assert.Equal(
            """{"onboarding":false,"invitations":false,"memberships":true,"portal":true,"newSignIns":true,"reminders":true}""",
            (await person.Api.Get(Path)).Text
        );
        Assert.Equal(2, await _app.Audited(person.Id, "users.mail_preferences_changed"));
    }

    [Fact]
    public async Task A_change_without_the_portal_category_keeps_it_as_it_is()
    {
        var person = await _app.SignUpAndConfirm();
        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = true,
                    invitations = true,
                    memberships = true,
                    portal = false,
                }
            )
        ).Should(204);

        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = false,
                    invitations = true,
                    memberships = true,
                }
            )
        ).Should(204);
        Assert.Equal(
            """{"onboarding":false,"invitations":true,"memberships":true,"portal":false,"newSignIns":true,"reminders":true}""",
            (await person.Api.Get(Path)).Text
        );

        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = false,
                    invitations = true,
                    memberships = true,
                    portal = true,
                }
            )
        ).Should(204);
        Assert.True((await person.Api.Get(Path))["portal"].GetBoolean());
    }

    [Fact]
    public async Task A_change_must_send_the_current_version_and_each_field()
    {
        var person = await _app.SignUpAndConfirm();
        var (read, change) = (
            (await person.Api.Get(Path)).ETag,
            new
            {
                onboarding = true,
                invitations = false,
                memberships = true,
            }
        );

        (await person.Api.Put(Path, change)).Should(428, "request.version_required");
        var answers = await Task.WhenAll(person.Api.Put(Path, change, read), person.Api.Put(Path, change, read));

        Assert.Single(answers, answer => answer.Status == 204);
        Assert.Single(answers, answer => answer.Status == 412);
        (await person.Api.Put(Path, change, read)).Should(412, "request.version_changed");
        (await person.Api.Put(Path, "{}", "*")).ShouldReject("onboarding", "invitations", "memberships");
        (
            await person.Api.Put(Path, """{"onboarding":"yes","invitations":true,"memberships":true}""", "*")
        ).ShouldReject("onboarding");
        (
            await person.Api.Put(
                Path,
                """{"onboarding":true,"invitations":true,"memberships":true,"portal":"yes"}""",
                "*"
            )
        ).ShouldReject("portal");
    }

    [Fact]
    public async Task A_category_that_is_off_is_shown_and_not_emailed_and_the_others_continue()
    {
        var (person, group) = (await _app.SignUpAndConfirm(), Guid.CreateVersion7());
        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = true,
                    invitations = false,
                    memberships = true,
                }
            )
        ).Should(204);
        await _app.Publishes(Invited(person, group));
        await _app.Publishes(new MemberDeactivated(group, "Harbour Clinic", person.Id));
        await _app.SettlesAsync();
        Assert.Empty(About("invites you"));
        Assert.Single(About("has ended"));

        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = true,
                    invitations = true,
                    memberships = false,
                }
            )
        ).Should(204);
        await _app.Publishes(Invited(person, group));
        await _app.Publishes(new MemberDeactivated(group, "Harbour Clinic", person.Id));
        await _app.SettlesAsync();
        Assert.Single(About("invites you"));
        Assert.Single(About("has ended"));
        Assert.Equal(4, (await person.Api.Get("/api/users/me/notifications")).Items.Count);

        IEnumerable<TestKit.Mail> About(string subject) =>
            _app.Mail.To(person.Email).Where(mail => mail.Subject.Contains(subject, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Emails_that_protect_the_account_cannot_be_switched_off()
    {
        var person = await _app.SignUpAndConfirm();
        (
            await person.Api.Change(
                Path,
                new
                {
                    onboarding = false,
                    invitations = false,
                    memberships = false,
                }
            )
        ).Should(204);

        (await _app.Api.Post("/api/users/forgot-password", new { email = person.Email })).Should(202);
        (await person.RequestsEmail(People.NewEmail())).Should(202);

        await _app.Mail.WaitFor(person.Email, "new password");
        await _app.Mail.WaitFor(person.Email, "email is about to change");
    }

    private static UserInvited Invited(Person person, Guid group) =>
        new(group, "Harbour Clinic", Guid.CreateVersion7(), person.Id, "Ida Moss", DateTimeOffset.UtcNow.AddDays(700));
}
