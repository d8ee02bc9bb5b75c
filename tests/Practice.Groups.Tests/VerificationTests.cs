using System.Text.Json.Nodes;

namespace Practice.Groups.Tests;

/// <summary>
/// Giving or taking owner rights, and loosening a rule that protects the practice, takes a person who has just proved
/// who they are. A browser left open is not enough.
/// </summary>
public sealed class VerificationTests
{
    private const string Required = "auth.verification_required";

    [Fact]
    public async Task Owner_rights_are_given_and_taken_by_verified_owners_only()
    {
        var (app, group, member) = await NewGroup();
        var access = $"{group.Path}/members/{member.Id}/access";
        await app.VerificationEnds(group.Owner.Id);

        (await group.Owner.Api.Put(access, Owner(true), "*")).Should(403, Required);
        Assert.False((await group.MemberOf(member))["owner"].GetBoolean());
        await Verify(group.Owner);
        (await group.Owner.Api.Put(access, Owner(true), "*")).Should(204);

        await app.VerificationEnds(group.Owner.Id);
        (await group.Owner.Api.Put(access, Owner(false), "*")).Should(403, Required);
        Assert.True((await group.MemberOf(member))["owner"].GetBoolean());
        await Verify(group.Owner);
        (await group.Owner.Api.Put(access, Owner(false), "*")).Should(204);
    }

    [Theory]
    [InlineData("deactivate")]
    [InlineData("convert")]
    [InlineData("temporary-password")]
    public async Task An_owner_is_changed_by_a_verified_owner_only(string act)
    {
        var (app, group, member) = await NewGroup();
        (await group.Owner.Api.Put($"{group.Path}/members/{member.Id}/access", Owner(true), "*")).Should(204);
        await app.VerificationEnds(group.Owner.Id);
        var password = People.NewPassword();
        object body = act switch
        {
            "convert" => new
            {
                roleType = "practitioner",
                profession = "physiotherapist",
                accessLevel = "full",
            },
            "temporary-password" => new { password, confirmPassword = password },
            _ => new { reason = "left" },
        };

        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/{act}", body)).Should(403, Required);
        await Verify(group.Owner);
        var answer = await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/{act}", body);
        Assert.NotEqual(Required, answer.Code);

        if (act != "deactivate")
            return;
        await app.VerificationEnds(group.Owner.Id);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/reactivate")).Should(403, Required);
        await Verify(group.Owner);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/reactivate")).Should(204);
    }

    [Fact]
    public async Task An_owner_leaves_verified_only()
    {
        var (app, group, member) = await NewGroup();
        (await group.Owner.Api.Put($"{group.Path}/members/{member.Id}/access", Owner(true), "*")).Should(204);
        await app.VerificationEnds(member.Id);
        (await member.Api.Post($"{group.Path}/members/me/leave")).Should(403, Required);
        await Verify(member);
        (await member.Api.Post($"{group.Path}/members/me/leave")).Should(204);
    }

    [Fact]
    public async Task What_gives_no_owner_rights_needs_no_verification()
    {
        var (app, group, member) = await NewGroup();
        await app.VerificationEnds(group.Owner.Id);
        await app.VerificationEnds(member.Id);
        var path = $"{group.Path}/members/{member.Id}";

        (await group.Owner.Api.Put($"{path}/access", new { accessLevel = "manager" }, "*")).Should(204);
        (await group.Owner.Api.Post($"{path}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{path}/reactivate")).Should(204);
        await group.AddsNewPerson();
        (await member.Api.Post($"{group.Path}/members/me/leave")).Should(204);
    }

    [Fact]
    public async Task The_rule_for_a_second_factor_is_loosened_verified_only()
    {
        var (app, group, _) = await NewGroup();
        await app.Owner.Execute(
            "update authority.sessions set second_factor_shown = true where user_id = $1",
            group.Owner.Id
        );
        await app.VerificationEnds(group.Owner.Id);

        (await Require(group, true)).Should(204);
        (await Require(group, false)).Should(403, Required);
        Assert.True((await group.Owner.Api.Get(group.Path))["requireTwoFactor"].GetBoolean());
        await Verify(group.Owner);
        (await Require(group, false)).Should(204);
    }

    private static async Task<Answer> Require(Group group, bool twoFactor)
    {
        var now = (await group.Owner.Api.Get(group.Path)).Should(200);
        var settings = JsonNode.Parse(now.Text)!;
        settings.AsObject().Remove("id");
        settings["requireTwoFactor"] = twoFactor;
        return await group.Owner.Api.Put(group.Path, settings, now.ETag);
    }

    private static object Owner(bool owner) => new { accessLevel = "full", owner };

    private static async Task Verify(Person person) =>
        (await person.Api.Post("/api/users/me/verify", new { password = person.Password })).Should(204);

    private static async Task<(TestApp App, Group Group, Person Member)> NewGroup()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        return (app, group, await group.AddsNewPerson());
    }
}
