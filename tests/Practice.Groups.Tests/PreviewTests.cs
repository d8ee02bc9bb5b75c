using System.Text.Json;

namespace Practice.Groups.Tests;

/// <summary>Previews of a change of access and of a deactivation. Nothing is stored.</summary>
public sealed class PreviewTests
{
    [Fact]
    public async Task A_preview_of_access_shows_what_the_member_would_see_and_what_would_change()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception", locations: group.LocationId);
        var before = await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/access");

        var preview = (
            await Preview(
                group.Owner,
                group,
                member,
                new
                {
                    accessLevel = "billing",
                    settings = new { restrictToAssignedLocations = true, othersPatients = false },
                }
            )
        ).Should(200);
        Assert.Equal("billing", preview["accessLevel"].GetString());
        Assert.False(preview["owner"].GetBoolean());
        Assert.False(preview["seesAllLocations"].GetBoolean());
        Assert.Equal([group.LocationId], preview["locationIds"].EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal(11, preview["settings"].EnumerateObject().Count());
        Assert.Equal(
            [
                "financialReports False True",
                "othersInvoices False True",
                "othersPatients True False",
                "restrictToAssignedLocations False True",
            ],
            preview["changes"].EnumerateArray().Select(Line).Order(StringComparer.Ordinal)
        );

        var after = await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/access");
        Assert.Equal((before.Text, before.ETag), (after.Text, after.ETag));
    }

    [Fact]
    public async Task A_preview_shows_exactly_what_the_change_then_does()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("personal", "practitioner");
        foreach (
            var access in new object[]
            {
                new { accessLevel = "contact" },
                new { accessLevel = "clinical", settings = new { readOnly = true } },
                new { accessLevel = "full", owner = true },
                new
                {
                    accessLevel = "personal",
                    owner = false,
                    settings = new { manageUsers = true },
                },
            }
        )
        {
            var preview = (await Preview(group.Owner, group, member, access)).Should(200);
            (await group.Owner.Api.Change($"{group.Path}/members/{member.Id}/access", access)).Should(204);
            var effective = (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/effective-access")).Should(
                200
            );
            Assert.Equal(preview["settings"].GetRawText(), effective["settings"].GetRawText());
        }
    }

    [Fact]
    public async Task A_preview_counts_the_invitations_that_would_be_withdrawn()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var invited = await group.Host.SignUpAndConfirm();
        (await manager.Api.Post($"{group.Path}/members", Group.Member(invited.Email, "billing"))).Should(201);
        Assert.Equal(
            1,
            (await Preview(group.Owner, group, manager, new { accessLevel = "reception" }))["invitationsWithdrawn"]
                .GetInt32()
        );
        Assert.Equal(
            0,
            (await Preview(group.Owner, group, manager, new { accessLevel = "full" }))["invitationsWithdrawn"]
                .GetInt32()
        );
        Assert.Equal(1, (await Deactivation(group, manager))["invitationsWithdrawn"].GetInt32());
    }

    [Fact]
    public async Task A_preview_fails_as_the_change_would()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var member = await group.AddsNewPerson("reception");
        foreach (
            var (actor, target, access, status, code) in new (Person, Person, object, int, string)[]
            {
                (manager, member, new { accessLevel = "full" }, 403, "groups.beyond_own_access"),
                (manager, group.Owner, new { accessLevel = "reception" }, 403, "groups.beyond_own_access"),
                (manager, manager, new { accessLevel = "full" }, 403, "groups.beyond_own_access"),
                (group.Owner, member, new { accessLevel = "clinical" }, 422, "groups.level_not_for_role_type"),
                (group.Owner, group.Owner, new { accessLevel = "manager" }, 422, "groups.owner_has_full_access"),
                (group.Owner, group.Owner, new { accessLevel = "manager", owner = false }, 409, "groups.last_owner"),
                (member, member, new { accessLevel = "reception" }, 403, "auth.not_allowed"),
            }
        )
        {
            (await Preview(actor, group, target, access)).Should(status, code);
            (await actor.Api.Put($"{group.Path}/members/{target.Id}/access", access, "*")).Should(status, code);
        }

        (await Preview(group.Owner, group, member, new { accessLevel = "nonsense" })).ShouldReject("accessLevel");
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members/{Guid.CreateVersion7()}/access/preview",
                new { accessLevel = "reception" }
            )
        ).Should(404);
    }

    [Fact]
    public async Task The_check_before_a_deactivation_lists_what_would_be_left_behind()
    {
        var group = await NewGroup();
        var shared = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Shared", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var alone = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Alone", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var archived = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Archived", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var member = await group.AddsNewPerson("reception", locations: [shared, alone, archived]);
        await group.AddsNewPerson("reception", locations: shared);
        var gone = await group.AddsNewPerson("reception", locations: alone);
        (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{archived}/archive")).Should(204);

        var check = await Deactivation(group, member);
        Assert.False(check["lastOwner"].GetBoolean());
        Assert.Equal(
            [("Alone", alone)],
            check["locationsLeftEmpty"]
                .EnumerateArray()
                .Select(location => (location.GetProperty("name").GetString(), location.GetProperty("id").GetGuid()))
        );
        Assert.True((await Deactivation(group, group.Owner))["lastOwner"].GetBoolean());
        (await group.Owner.Api.Get($"{group.Path}/members/{gone.Id}/deactivation")).Should(
            409,
            "groups.already_deactivated"
        );
        (await member.Api.Get($"{group.Path}/members/{member.Id}/deactivation")).Should(403, "auth.not_allowed");
        Assert.Equal("active", (await group.MemberOf(member))["status"].GetString());
    }

    [Fact]
    public async Task The_check_before_a_deactivation_fails_as_the_deactivation_would()
    {
        var group = await NewGroup();
        var elsewhere = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Elsewhere", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var manager = await group.AddsNewPerson(
            "manager",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var here = await group.AddsNewPerson(
            "reception",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var there = await group.AddsNewPerson(
            "reception",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: elsewhere
        );
        foreach (var beyond in new[] { there, group.Owner })
        {
            (await manager.Api.Post($"{group.Path}/members/{beyond.Id}/deactivate")).Should(
                403,
                "groups.beyond_own_access"
            );
            (await manager.Api.Get($"{group.Path}/members/{beyond.Id}/deactivation")).Should(
                403,
                "groups.beyond_own_access"
            );
        }

        foreach (var within in new[] { here, manager }) // also for themselves: it shows what leaving would do
            (await manager.Api.Get($"{group.Path}/members/{within.Id}/deactivation")).Should(200);
        (await manager.Api.Get($"{group.Path}/members/{Guid.CreateVersion7()}/deactivation")).Should(404);
    }

    private static Task<Answer> Preview(Person actor, Group group, Person member, object access) =>
        actor.Api.Post($"{group.Path}/members/{member.Id}/access/preview", access);

    private static async Task<Answer> Deactivation(Group group, Person member) =>
        (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/deactivation")).Should(200);

    private static string Line(JsonElement change) =>
        $"{change.GetProperty("setting").GetString()} {change.GetProperty("before").GetBoolean()} "
        + $"{change.GetProperty("after").GetBoolean()}";

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
