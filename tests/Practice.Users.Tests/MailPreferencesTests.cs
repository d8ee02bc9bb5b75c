using Practice.Contracts.Groups;

namespace Practice.Users.Tests;

[Collection(OwnHost.Collection)]
public sealed class MailPreferencesTests(OwnHost host)
{
    private const string Path = "/api/users/me/mail-preferences";

    private readonly TestApp _app = host.App;

    [Fact]
    public async Task All_kinds_of_mail_are_on_before_a_person_has_said_otherwise_and_are_switched_one_by_one()
    {
        var person = await _app.SignUpAndConfirm();
        Assert.Equal(
            """{"onboarding":true,"invitations":true,"memberships":true,"portal":true}""",
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
            """{"onboarding":false,"invitations":false,"memberships":true,"portal":true}""",
            (await person.Api.Get(Path)).Text
        );
        Assert.Equal(2, await _app.Audited(person.Id, "users.mail_preferences_changed"));
    }

    [Fact]
    public async Task A_change_that_does_not_name_the_portals_mail_leaves_it_as_it_is()
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
            """{"onboarding":false,"invitations":true,"memberships":true,"portal":false}""",
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
    public async Task A_change_names_the_version_that_it_changes_and_each_field()
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
        (await person.Api.Put(Path, "{}", "*")).ShouldRefuse("onboarding", "invitations", "memberships");
        (
            await person.Api.Put(Path, """{"onboarding":"yes","invitations":true,"memberships":true}""", "*")
        ).ShouldRefuse("onboarding");
        (
            await person.Api.Put(
                Path,
                """{"onboarding":true,"invitations":true,"memberships":true,"portal":"yes"}""",
                "*"
            )
        ).ShouldRefuse("portal");
    }

    [Fact]
    public async Task What_is_switched_off_is_shown_and_not_mailed_and_the_other_kinds_go_on()
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
        await _app.Happened(Invited(person, group));
        await _app.Happened(new MemberDeactivated(group, "Harbour Clinic", person.Id));
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
        await _app.Happened(Invited(person, group));
        await _app.Happened(new MemberDeactivated(group, "Harbour Clinic", person.Id));
        await _app.SettlesAsync();
        Assert.Single(About("invites you"));
        Assert.Single(About("has ended"));
        Assert.Equal(4, (await person.Api.Get("/api/users/me/notifications")).Items.Count);

        IEnumerable<TestKit.Mail> About(string subject) =>
            _app.Mail.To(person.Email).Where(mail => mail.Subject.Contains(subject, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_that_guards_the_account_can_not_be_switched_off()
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
        (await person.AsksForEmail(People.NewEmail())).Should(202);

        await _app.Mail.WaitFor(person.Email, "new password");
        await _app.Mail.WaitFor(person.Email, "email is to be changed");
    }

    private static UserInvited Invited(Person person, Guid group) =>
        new(group, "Harbour Clinic", Guid.CreateVersion7(), person.Id, "Ida Moss", DateTimeOffset.UtcNow.AddDays(700));
}
