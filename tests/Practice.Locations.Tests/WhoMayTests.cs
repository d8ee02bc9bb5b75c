namespace Practice.Locations.Tests;

public sealed class WhoMayTests
{
    private static readonly Dictionary<string, bool> Restricted = new() { ["restrictToAssignedLocations"] = true };

    [Fact]
    public async Task Another_practice_finds_nothing()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var other = await OpeningAndChangingTests.NewGroup();

        foreach (var (method, path) in Calls(group))
            (await other.Owner.Api.Send(method, path, method == HttpMethod.Get ? null : "{ }")).Should(
                404,
                "request.not_found"
            );
        foreach (
            var (method, path) in Calls(other with { LocationId = group.LocationId })
                .Where(call => call.Path.Contains(group.LocationId.ToString(), StringComparison.Ordinal))
        )
            (await other.Owner.Api.Send(method, path, method == HttpMethod.Get ? null : "{ }")).Should(
                404,
                "request.not_found"
            );
        Assert.Equal(["Main street"], await group.NamesSeenBy(group.Owner));
    }

    [Fact]
    public async Task A_member_restricted_to_their_locations_sees_only_those()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var theirs = await group.Owner.Opens(group, "Harbour clinic");
        var member = await group.AddsNewPerson("reception", settings: Restricted, locations: theirs);

        Assert.Equal(["Harbour clinic"], await group.NamesSeenBy(member));
        (await member.Api.Get(group.Location(theirs))).Should(200);
        (await member.Api.Get(group.Location(group.LocationId))).Should(404, "request.not_found");
    }

    [Fact]
    public async Task A_restricted_member_without_locations_sees_none()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var member = await group.AddsNewPerson("reception", settings: Restricted);

        Assert.Empty(await group.NamesSeenBy(member));
        (await member.Api.Get(group.Location(group.LocationId))).Should(404, "request.not_found");
    }

    [Fact]
    public async Task A_restricted_manager_manages_the_assigned_locations_and_no_others()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var theirs = await group.Owner.Opens(group, "Harbour clinic");
        var manager = await group.AddsNewPerson("manager", settings: Restricted, locations: theirs);

        (await manager.Api.Change(group.Location(theirs), Place.Full("Hill clinic"))).Should(204);
        (await manager.Api.Put(group.Location(group.LocationId), Place.Full(), "*")).Should(404, "request.not_found");
        (await manager.Api.Post($"{group.Location(group.LocationId)}/archive")).Should(404, "request.not_found");
        (await manager.Api.Post(group.Locations(), Place.Full())).Should(403, "auth.not_allowed");
    }

    [Fact]
    public async Task Whether_a_location_is_the_last_one_counts_those_that_a_restricted_manager_does_not_see()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var theirs = await group.Owner.Opens(group, "Harbour clinic");
        var manager = await group.AddsNewPerson("manager", settings: Restricted, locations: theirs);

        (await manager.Api.Post($"{group.Location(theirs)}/archive")).Should(204);
        (await manager.Api.Post($"{group.Location(theirs)}/restore")).Should(204);
        (await group.Owner.Api.Post($"{group.Location(group.LocationId)}/archive")).Should(204);
        (await manager.Api.Post($"{group.Location(theirs)}/archive")).Should(409, "locations.last_active");
    }

    private static (HttpMethod Method, string Path)[] Calls(Group group) =>
        [
            (HttpMethod.Get, group.Locations()),
            (HttpMethod.Post, group.Locations()),
            (HttpMethod.Get, group.Location(group.LocationId)),
            (HttpMethod.Put, group.Location(group.LocationId)),
            (HttpMethod.Post, $"{group.Location(group.LocationId)}/archive"),
            (HttpMethod.Post, $"{group.Location(group.LocationId)}/restore"),
        ];
}
