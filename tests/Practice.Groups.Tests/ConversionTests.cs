namespace Practice.Groups.Tests;

/// <summary>The role type decides whether a member sees patients, so only an owner changes it.</summary>
public sealed class ConversionTests
{
    [Fact]
    public async Task An_owner_makes_an_administrator_a_practitioner_and_back()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception");
        (
            await Convert(
                group.Owner,
                group,
                member,
                new
                {
                    roleType = "practitioner",
                    profession = "nurse",
                    accessLevel = "clinical",
                }
            )
        ).Should(204);
        var converted = await group.MemberOf(member);
        Assert.Equal(
            ("practitioner", "nurse", "clinical", true),
            (
                converted["roleType"].GetString(),
                converted["profession"].GetString(),
                converted["accessLevel"].GetString(),
                converted["registrationPending"].GetBoolean()
            )
        );
        Assert.True(
            (await member.Api.Get($"{group.Path}/members/{member.Id}/effective-access"))["settings"]
                .GetProperty("othersClinicalRecords")
                .GetBoolean()
        );

        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{member.Id}",
                new { profession = "nurse", registrationNumber = "N1" }
            )
        ).Should(204);
        (
            await Convert(
                group.Owner,
                group,
                member,
                new
                {
                    roleType = "administrator",
                    profession = "receptionist",
                    accessLevel = "reception",
                }
            )
        ).Should(204);
        var back = await group.MemberOf(member);
        Assert.Equal(
            ("administrator", null, false),
            (
                back["roleType"].GetString(),
                back["registrationNumber"].GetString(),
                back["registrationPending"].GetBoolean()
            )
        );

        var audited = (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.role_type_changed")).Items;
        Assert.Equal(2, audited.Count);
        Assert.All(audited, entry => Assert.Equal("owner", entry.GetProperty("authority").GetString()));
        await Eventually.Is(async () =>
            (await member.Api.Get("/api/users/me/notifications")).Items.Any(item =>
                item.GetProperty("kind").GetString() == "accessChanged"
            )
        );
    }

    [Fact]
    public async Task Only_an_owner_converts()
    {
        var group = await NewGroup();
        var full = await group.AddsNewPerson("full");
        var member = await group.AddsNewPerson("reception");
        (
            await Convert(
                full,
                group,
                member,
                new
                {
                    roleType = "practitioner",
                    profession = "nurse",
                    accessLevel = "personal",
                }
            )
        ).Should(403, "auth.not_allowed");
    }

    [Fact]
    public async Task An_owner_who_is_converted_stays_owner_with_full_access()
    {
        var group = await NewGroup();
        (
            await Convert(
                group.Owner,
                group,
                group.Owner,
                new
                {
                    roleType = "practitioner",
                    profession = "nurse",
                    accessLevel = "clinical",
                }
            )
        ).Should(422, "groups.owner_has_full_access");
        (
            await Convert(
                group.Owner,
                group,
                group.Owner,
                new
                {
                    roleType = "practitioner",
                    profession = "nurse",
                    accessLevel = "full",
                }
            )
        ).Should(204);
        Assert.True((await group.MemberOf(group.Owner))["owner"].GetBoolean());
    }

    [Fact]
    public async Task Values_that_do_not_fit_the_new_role_type_are_rejected()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("personal", "practitioner");
        (
            await Convert(
                group.Owner,
                group,
                member,
                new
                {
                    roleType = "practitioner",
                    profession = "nurse",
                    accessLevel = "contact",
                }
            )
        ).Should(409, "groups.role_type_unchanged");
        (
            await Convert(
                group.Owner,
                group,
                member,
                new
                {
                    roleType = "administrator",
                    profession = "nurse",
                    accessLevel = "contact",
                }
            )
        ).Should(400, "groups.level_not_for_role_type").ShouldReject("accessLevel");
        (
            await Convert(
                group.Owner,
                group,
                member,
                new
                {
                    roleType = "administrator",
                    profession = "nurse",
                    accessLevel = "reception",
                    registrationNumber = "N1",
                }
            )
        ).Should(400, "groups.registration_not_allowed").ShouldReject("registrationNumber");
        (await Convert(group.Owner, group, member, new { })).ShouldReject("roleType", "profession", "accessLevel");
        Assert.Equal("practitioner", (await group.MemberOf(member))["roleType"].GetString());
    }

    private static Task<Answer> Convert(Person actor, Group group, Person member, object conversion) =>
        actor.Api.Post($"{group.Path}/members/{member.Id}/convert", conversion);

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
