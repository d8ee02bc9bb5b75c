namespace Practice.Locations.Tests;

public sealed class ArchivingTests
{
    [Fact]
    public async Task An_archived_location_stays_readable_and_can_be_restored()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var location = await group.Owner.Opens(group, "Harbour clinic");

        (await group.Owner.Api.Post($"{group.Location(location)}/archive")).Should(204);
        Assert.Equal("archived", await group.StatusOf(location));

        (await group.Owner.Api.Post($"{group.Location(location)}/restore", "{}")).Should(204);
        Assert.Equal("active", await group.StatusOf(location));
    }

    [Fact]
    public async Task Archiving_or_restoring_twice_changes_nothing_the_second_time()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var location = await group.Owner.Opens(group, "Harbour clinic");

        foreach (var act in new[] { "archive", "archive", "restore", "restore" })
            (await group.Owner.Api.Post($"{group.Location(location)}/{act}")).Should(204);

        Assert.Equal(
            [
                ["locations.archived"],
                ["locations.restored"],
            ],
            await (await TestApp.StartedAsync()).Owner.Rows(
                "select act from audit.entries where subject_id = $1 and act <> 'locations.created' order by id",
                location
            )
        );
    }

    [Fact]
    public async Task The_last_active_location_cannot_be_archived()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        var second = await group.Owner.Opens(group, "Harbour clinic");
        (await group.Owner.Api.Post($"{group.Location(second)}/archive")).Should(204);

        (await group.Owner.Api.Post($"{group.Location(group.LocationId)}/archive")).Should(
            409,
            "locations.last_active"
        );

        Assert.Equal("active", await group.StatusOf(group.LocationId));
    }

    [Fact]
    public async Task Concurrently_archiving_the_two_last_active_locations_leaves_one_active()
    {
        for (var round = 0; round < 100; round++)
        {
            var group = await OpeningAndChangingTests.NewGroup();
            var second = await group.Owner.Opens(group, "Harbour clinic");

            var answers = await Task.WhenAll(
                group.Owner.Api.Post($"{group.Location(second)}/archive"),
                group.Owner.Api.Post($"{group.Location(group.LocationId)}/archive")
            );

            Assert.Equal([204, 409], answers.Select(answer => answer.Status).Order());
            Assert.Single(await group.Owner.Api.GetAll(group.Locations()), item =>
                item.GetProperty("status").GetString() == "active"
            );
        }
    }

    [Fact]
    public async Task A_location_is_never_deleted()
    {
        var group = await OpeningAndChangingTests.NewGroup();
        (await group.Owner.Api.Delete(group.Location(group.LocationId))).Should(405);
    }
}
