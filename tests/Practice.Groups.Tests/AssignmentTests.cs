using System.Text.Json;

namespace Practice.Groups.Tests;

public sealed class AssignmentTests
{
    [Fact]
    public async Task Members_and_locations_are_assigned_in_either_direction()
    {
        var (group, second) = await GroupWithTwoLocations();
        var member = await group.AddsNewPerson();
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{member.Id}/locations",
                new { locationIds = new[] { group.LocationId, second } }
            )
        ).Should(204);
        Assert.Equal([member.Id], await MembersOf(group, second));

        (
            await group.Owner.Api.Change(
                $"{group.Path}/locations/{second}/members",
                new { userIds = new[] { group.Owner.Id } }
            )
        ).Should(204);
        Assert.Equal([group.Owner.Id], await MembersOf(group, second));
        Assert.Equal(
            [group.LocationId],
            Ids((await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/locations"))["locationIds"])
        );
    }

    [Fact]
    public async Task Only_active_members_of_the_group_are_assigned()
    {
        var (group, second) = await GroupWithTwoLocations();
        var stranger = await group.Host.SignUpAndConfirm();
        var gone = await group.AddsNewPerson();
        (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);
        foreach (var person in new[] { stranger, gone })
            (
                await group.Owner.Api.Put(
                    $"{group.Path}/locations/{second}/members",
                    new { userIds = new[] { person.Id } },
                    "*"
                )
            ).Should(422, "groups.unknown_member");
        (
            await group.Owner.Api.Put(
                $"{group.Path}/members/{gone.Id}/locations",
                new { locationIds = new[] { second } },
                "*"
            )
        ).Should(409, "groups.member_deactivated");
    }

    [Fact]
    public async Task An_archived_location_takes_no_assignment_in_either_direction()
    {
        var (group, second) = await GroupWithTwoLocations();
        (await group.Owner.Api.Post($"{group.Path}/locations/{second}/archive")).Should(204);
        (
            await group.Owner.Api.Put(
                $"{group.Path}/locations/{second}/members",
                new { userIds = new[] { group.Owner.Id } },
                "*"
            )
        ).Should(422, "locations.archived");
        (
            await group.Owner.Api.Put(
                $"{group.Path}/members/{group.Owner.Id}/locations",
                new { locationIds = new[] { second } },
                "*"
            )
        ).Should(422, "locations.archived");
    }

    [Fact]
    public async Task Members_of_an_archived_location_can_be_taken_off_one_by_one()
    {
        var (group, second) = await GroupWithTwoLocations();
        var member = await group.AddsNewPerson("reception", locations: second);
        (
            await group.Owner.Api.Change(
                $"{group.Path}/locations/{second}/members",
                new { userIds = new[] { group.Owner.Id, member.Id } }
            )
        ).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{second}/archive")).Should(204);
        (
            await group.Owner.Api.Change(
                $"{group.Path}/locations/{second}/members",
                new { userIds = new[] { member.Id } }
            )
        ).Should(204);
        Assert.Equal([member.Id], await MembersOf(group, second));
    }

    [Fact]
    public async Task A_member_keeps_an_archived_location_while_their_other_locations_change()
    {
        var (group, second) = await GroupWithTwoLocations();
        var member = await group.AddsNewPerson("reception", locations: second);
        (await group.Owner.Api.Post($"{group.Path}/locations/{second}/archive")).Should(204);
        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{member.Id}/locations",
                new { locationIds = new[] { second, group.LocationId } }
            )
        ).Should(204);
        Assert.Equal(
            [second, group.LocationId],
            Ids((await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/locations"))["locationIds"])
        );
    }

    [Fact]
    public async Task A_location_that_the_caller_cannot_see_cannot_be_assigned_either()
    {
        var (group, second) = await GroupWithTwoLocations();
        var manager = await group.AddsNewPerson(
            "manager",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        (await manager.Api.Get($"{group.Path}/locations/{second}/members")).Should(404);
        (
            await manager.Api.Put(
                $"{group.Path}/locations/{second}/members",
                new { userIds = Array.Empty<Guid>() },
                "*"
            )
        ).Should(404);
    }

    [Fact]
    public async Task An_invitation_is_withdrawn_when_its_inviter_is_taken_off_the_location()
    {
        var (group, second) = await GroupWithTwoLocations();
        foreach (var direction in new[] { "members", "locations" })
        {
            var manager = await group.AddsNewPerson(
                "manager",
                settings: new() { ["restrictToAssignedLocations"] = true },
                locations: second
            );
            var person = await group.Host.SignUpAndConfirm();
            var invited = await manager.Api.Post(
                $"{group.Path}/members",
                Group.Member(
                    person.Email,
                    "reception",
                    settings: new() { ["restrictToAssignedLocations"] = true },
                    locations: [second]
                )
            );
            var id = invited.Should(201)["invitationId"].GetGuid();

            (
                direction == "members"
                    ? await group.Owner.Api.Change(
                        $"{group.Path}/locations/{second}/members",
                        new { userIds = Array.Empty<Guid>() }
                    )
                    : await group.Owner.Api.Change(
                        $"{group.Path}/members/{manager.Id}/locations",
                        new { locationIds = Array.Empty<Guid>() }
                    )
            ).Should(204);

            (await person.Api.Post($"/api/invitations/{id}/accept")).Should(409, "groups.invitation_not_pending");
            Assert.Equal(
                "withdrawn",
                (await group.Owner.Api.GetAll($"{group.Path}/invitations"))
                    .Single(item => item.GetProperty("id").GetGuid() == id)
                    .GetProperty("status")
                    .GetString()
            );
        }
    }

    [Fact]
    public async Task The_second_of_two_editors_gets_a_conflict()
    {
        var (group, second) = await GroupWithTwoLocations();
        var path = $"{group.Path}/locations/{second}/members";
        var tag = (await group.Owner.Api.Get(path)).Should(200).ETag;
        (await group.Owner.Api.Put(path, new { userIds = new[] { group.Owner.Id } })).Should(428);
        (await group.Owner.Api.Put(path, new { userIds = new[] { group.Owner.Id } }, tag)).Should(204);
        (await group.Owner.Api.Put(path, new { userIds = Array.Empty<Guid>() }, tag)).Should(
            412,
            "request.version_changed"
        );
    }

    [Fact]
    public async Task Assigning_requires_the_right_to_manage_locations()
    {
        var (group, second) = await GroupWithTwoLocations();
        var member = await group.AddsNewPerson("billing");
        (
            await member.Api.Put($"{group.Path}/locations/{second}/members", new { userIds = new[] { member.Id } }, "*")
        ).Should(403, "auth.not_allowed");
        (
            await member.Api.Put(
                $"{group.Path}/members/{member.Id}/locations",
                new { locationIds = new[] { second } },
                "*"
            )
        ).Should(403, "auth.not_allowed");
        (await member.Api.Get($"{group.Path}/locations/{second}/members")).Should(200);
    }

    [Fact]
    public async Task Reactivation_leaves_out_locations_archived_since()
    {
        var (group, second) = await GroupWithTwoLocations();
        var member = await group.AddsNewPerson("reception", locations: [group.LocationId, second]);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{second}/archive")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/reactivate")).Should(204);
        Assert.Equal([group.LocationId], Ids((await group.MemberOf(member))["locationIds"]));
    }

    private static async Task<List<Guid>> MembersOf(Group group, Guid location) =>
        Ids((await group.Owner.Api.Get($"{group.Path}/locations/{location}/members")).Should(200)["userIds"]);

    private static List<Guid> Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetGuid())];

    private static async Task<(Group, Guid)> GroupWithTwoLocations()
    {
        var group = await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
        return (
            group,
            (await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Paris" }))
                .Should(201)
                .Id
        );
    }
}
