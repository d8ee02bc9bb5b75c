namespace Practice.Groups.Tests;

/// <summary>
/// The group that made an account may reissue its temporary password until the person has confirmed it.
/// </summary>
public sealed class TemporaryPasswordTests
{
    [Fact]
    public async Task Reissuing_a_temporary_password_ends_the_earlier_one_and_its_sessions()
    {
        var (group, id, email, first) = await Added();
        var session = await group.Host.SignIn(email, first);
        var second = People.NewPassword();
        (await Reissue(group, id, second)).Should(204);

        (await session.Get("/api/users/me")).Should(401);
        (await group.Host.Api.Post("/api/users/sign-in", new { email, password = first })).Should(
            401,
            "users.invalid_credentials"
        );
        (await (await group.Host.SignIn(email, second)).Get("/api/groups")).Should(
            403,
            "users.password_change_required"
        );
        Assert.Single(
            (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.temporary_password_set&subjectId={id}")).Items
        );
    }

    [Fact]
    public async Task After_the_person_has_confirmed_the_account_nobody_else_sets_their_password()
    {
        var (group, id, email, _) = await Added();
        var welcome = await group.Host.Mail.WaitFor(email, mail => mail.Token is not null);
        var own = People.NewPassword();
        (await group.Host.Api.Post("/api/users/confirm-email", new { token = welcome.Token, password = own })).Should(
            204
        );

        (await Reissue(group, id, People.NewPassword())).Should(409, "users.account_confirmed");
        await group.Host.SignIn(email, own);
        Assert.Empty(
            (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.temporary_password_set&subjectId={id}")).Items
        );
    }

    [Fact]
    public async Task No_group_sets_the_password_of_an_account_that_it_did_not_make()
    {
        var (group, _, _, _) = await Added();
        var invited = await group.Host.SignUpAndConfirm();
        await group.Welcomes(invited);
        var answer = await Reissue(group, invited.Id, People.NewPassword());
        Assert.Contains(answer.Should(409).Code, new[] { "users.not_added_here", "users.account_confirmed" });
        await group.Host.SignIn(invited.Email, invited.Password);
    }

    [Fact]
    public async Task Only_members_who_manage_users_and_have_at_least_the_same_access_reissue()
    {
        var (group, id, _, _) = await Added();
        var reception = await group.AddsNewPerson("reception");
        var manager = await group.AddsNewPerson("manager");
        var full = (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), "full", People.NewPassword())
            )
        )
            .Should(201)["userId"]
            .GetGuid();
        (await Reissue(group, id, People.NewPassword(), reception)).Should(403, "auth.not_allowed");
        (await Reissue(group, full, People.NewPassword(), manager)).Should(403, "groups.beyond_own_access");
        (await Reissue(group, id, People.NewPassword(), manager)).Should(204);
        (await Reissue(group, Guid.CreateVersion7(), People.NewPassword())).Should(404);

        (await group.Owner.Api.Post($"{group.Path}/members/{id}/deactivate")).Should(204);
        (await Reissue(group, id, People.NewPassword())).Should(409, "groups.member_deactivated");
    }

    [Fact]
    public async Task A_weak_password_is_rejected()
    {
        var (group, id, email, first) = await Added();
        var path = $"{group.Path}/members/{id}/temporary-password";
        (await group.Owner.Api.Post(path, new { password = "short", confirmPassword = "short" })).ShouldReject(
            "password"
        );
        (
            await group.Owner.Api.Post(
                path,
                new { password = "passwordpassword", confirmPassword = "passwordpassword" }
            )
        ).ShouldReject("password");
        (
            await group.Owner.Api.Post(
                path,
                new { password = "a good long password", confirmPassword = "another password of mine" }
            )
        ).ShouldReject("confirmPassword");
        (await group.Owner.Api.Post(path, new { })).ShouldReject("password");
        await group.Host.SignIn(email, first);
    }

    private static Task<Answer> Reissue(Group group, Guid userId, string password, Person? by = null) =>
        (by ?? group.Owner).Api.Post(
            $"{group.Path}/members/{userId}/temporary-password",
            new { password, confirmPassword = password }
        );

    private static async Task<(Group Group, Guid Id, string Email, string Password)> Added()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        var (email, password) = (People.NewEmail(), People.NewPassword());
        var added = (
            await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", password))
        ).Should(201);
        return (group, added["userId"].GetGuid(), email, password);
    }
}
