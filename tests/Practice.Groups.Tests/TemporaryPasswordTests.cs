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

    /// <summary>
    /// Who set the password of an account that nobody has confirmed may sign in to it, also after it was changed.
    /// </summary>
    [Fact]
    public async Task Nobody_gives_more_access_to_an_account_that_another_may_sign_in_to()
    {
        var (group, id, email, _) = await Added();
        var manager = await group.AddsNewPerson("manager");
        var password = People.NewPassword();
        (await Reissue(group, id, password, manager)).Should(204);
        var planted = await group.Host.SignIn(email, password);
        (
            await planted.Put(
                "/api/users/me/password",
                new { currentPassword = password, newPassword = People.NewPassword() }
            )
        ).Should(204);

        (await ChangesAccess("billing")).Should(409, Unconfirmed);
        (await ChangesAccess("full", owner: true)).Should(409, Unconfirmed);
        (
            await group.Owner.Api.Post($"{group.Path}/members/{id}/access/preview", new { accessLevel = "billing" })
        ).Should(409, Unconfirmed);
        (await Assigns(group.LocationId)).Should(204); // it opens nothing: the member is not restricted to locations
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members/{id}/convert",
                new
                {
                    roleType = "practitioner",
                    profession = "nurse",
                    accessLevel = "contact",
                }
            )
        ).Should(409, Unconfirmed);
        var many = await group.Owner.Api.Post(
            $"{group.Path}/users/batch",
            new
            {
                act = "changeAccess",
                ids = new[] { id },
                accessLevel = "billing",
            }
        );
        Assert.Equal(Unconfirmed, many.Should(200).Items.Single().GetProperty("code").GetString());

        // Less is no fault. Another password does not help: nobody knows which one was set last.
        (await ChangesAccess("reception", new() { ["othersCalendars"] = false })).Should(204);
        (await Reissue(group, id, People.NewPassword())).Should(204);
        (await ChangesAccess("reception")).Should(409, Unconfirmed);

        var welcome = await group.Host.Mail.WaitFor(email, mail => mail.Token is not null);
        (
            await group.Host.Api.Post(
                "/api/users/confirm-email",
                new { token = welcome.Token, password = People.NewPassword() }
            )
        ).Should(204);
        (await ChangesAccess("full")).Should(204);
        (await Reissue(group, id, People.NewPassword(), group.Owner)).Should(409, "users.account_confirmed");
        (await ChangesAccess("full", owner: true)).Should(204);

        Task<Answer> ChangesAccess(string accessLevel, Dictionary<string, bool>? settings = null, bool? owner = null) =>
            group.Owner.Api.Change(
                $"{group.Path}/members/{id}/access",
                new
                {
                    accessLevel,
                    settings,
                    owner,
                }
            );

        Task<Answer> Assigns(params Guid[] locationIds) =>
            group.Owner.Api.Change($"{group.Path}/members/{id}/locations", new { locationIds });
    }

    [Fact]
    public async Task Who_set_the_password_gives_more_access_and_so_does_anybody_where_there_is_none()
    {
        var (group, id, _, _) = await Added();
        (await Reissue(group, id, People.NewPassword())).Should(204);
        (await group.Owner.Api.Change($"{group.Path}/members/{id}/access", new { accessLevel = "billing" })).Should(
            204
        );

        var manager = await group.AddsNewPerson("manager");
        using var file = new StringContent(
            "firstName,lastName,roleType,profession,email,accessLevel\n"
                + $"Ben,Ray,administrator,receptionist,{People.NewEmail()},reception\n",
            System.Text.Encoding.UTF8,
            "text/csv"
        );
        (await manager.Api.Post($"{group.Path}/members/import", file)).Should(200);
        var imported = (await group.Owner.Api.Get($"{group.Path}/members?search=ray"))
            .Items.Single()
            .GetProperty("userId")
            .GetGuid();
        (
            await group.Owner.Api.Change($"{group.Path}/members/{imported}/access", new { accessLevel = "billing" })
        ).Should(204);
    }

    [Fact]
    public async Task A_location_opens_more_to_a_member_who_is_restricted_to_locations()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        var manager = await group.AddsNewPerson("manager");
        var id = await AddedBy(manager, new() { ["restrictToAssignedLocations"] = true });

        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{id}/locations",
                new { locationIds = new[] { group.LocationId } }
            )
        ).Should(409, Unconfirmed);
        (
            await group.Owner.Api.Change(
                $"{group.Path}/locations/{group.LocationId}/members",
                new { userIds = new[] { id, group.Owner.Id } }
            )
        ).Should(409, Unconfirmed);
        (
            await manager.Api.Change(
                $"{group.Path}/members/{id}/locations",
                new { locationIds = new[] { group.LocationId } }
            )
        ).Should(204);
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{id}/locations",
                new { locationIds = Array.Empty<Guid>() }
            )
        ).Should(204);

        async Task<Guid> AddedBy(Person by, Dictionary<string, bool> settings) =>
            (
                await by.Api.Post(
                    $"{group.Path}/members",
                    Group.Member(People.NewEmail(), "reception", People.NewPassword(), settings: settings)
                )
            )
                .Should(201)["userId"]
                .GetGuid();
    }

    [Fact]
    public async Task A_level_gives_nothing_more_to_members_whom_another_may_sign_in_as()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        var manager = await group.AddsNewPerson("manager");
        var level = (
            await group.Owner.Api.Post(
                $"{group.Path}/access-levels",
                new
                {
                    name = "Front desk",
                    roleType = "administrator",
                    settings = new { othersPatients = true },
                }
            )
        ).Should(201).Id;
        List<Guid> added = [];
        foreach (var by in (Person[])[manager, manager, group.Owner])
            added.Add(
                (
                    await by.Api.Post(
                        $"{group.Path}/members",
                        Group.Member(People.NewEmail(), level.ToString(), People.NewPassword())
                    )
                )
                    .Should(201)["userId"]
                    .GetGuid()
            );

        var more = new { name = "Front desk", settings = new { othersPatients = true, othersInvoices = true } };
        var refused = (await group.Owner.Api.Change($"{group.Path}/access-levels/{level}", more)).Should(
            409,
            Unconfirmed
        );
        Assert.StartsWith("2 people", refused["detail"].GetString(), StringComparison.Ordinal);
        (await group.Owner.Api.Post($"{group.Path}/access-levels/{level}/preview", new { more.settings })).Should(
            409,
            Unconfirmed
        );
        (
            await group.Owner.Api.Change(
                $"{group.Path}/access-levels/{level}",
                new { name = "Front desk", settings = new { othersPatients = false } }
            )
        ).Should(204);

        // Who is deactivated is in nobody's way, and does not come back with more.
        foreach (var id in added[..2])
            (await group.Owner.Api.Post($"{group.Path}/members/{id}/deactivate")).Should(204);
        (await group.Owner.Api.Change($"{group.Path}/access-levels/{level}", more)).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/members/{added[0]}/reactivate")).Should(204);
        Assert.False(await MaySee(added[0]));
        Assert.True(await MaySee(added[2]));

        async Task<bool> MaySee(Guid id) =>
            (await group.Owner.Api.Get($"{group.Path}/members/{id}/effective-access"))["settings"]
                .GetProperty("othersInvoices")
                .GetBoolean();
    }

    private const string Unconfirmed = "groups.account_not_confirmed";

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
