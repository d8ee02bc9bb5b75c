namespace Practice.Locations.Tests;

public sealed class OpeningAndChangingTests
{
    [Fact]
    public async Task A_location_is_read_as_it_was_entered()
    {
        var group = await NewGroup();

        var made = (await group.Owner.Api.Post(group.Locations(), Place.Full())).Should(201);
        var read = (await group.Owner.Api.Get(group.Location(made.Id))).Should(200);

        Assert.Equal(group.Location(made.Id), made.Headers.Location?.ToString());
        Assert.NotNull(read.ETag);
        Assert.Equal(
            Compact(
                $$"""
                {"id":"{{made.Id}}","name":"Harbour clinic","address":"1 Quay Street","phone":"+61 3 5550 0100",
                "timeZone":"Australia/Melbourne","colour":"#2f7fd6","hours":{
                "monday":[{"opens":"08:30","closes":"12:30"},{"opens":"13:30","closes":"18:00"}],
                "tuesday":null,"wednesday":null,"thursday":null,"friday":null,
                "saturday":[{"opens":"18:00","closes":"24:00"}],"sunday":null},"status":"active"}
                """
            ),
            read.Text
        );
        Assert.Contains(read.Text, (await group.Owner.Api.Get(group.Locations())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_sorted_by_name_and_paging_returns_all_of_them()
    {
        var group = await NewGroup();
        foreach (var name in new[] { "Delta", "Alpha", "Charlie", "Alpha", "Bravo" })
            await group.Owner.Opens(group, name);

        var names = (await group.Owner.Api.GetAll($"{group.Locations()}?limit=2")).Select(item =>
            item.GetProperty("name").GetString()
        );

        Assert.Equal(["Alpha", "Alpha", "Bravo", "Charlie", "Delta", "Main street"], names);
    }

    [Fact]
    public async Task A_change_replaces_every_field()
    {
        var group = await NewGroup();
        var location = await group.Owner.Opens(group, "Harbour clinic");

        (
            await group.Owner.Api.Change(
                group.Location(location),
                new
                {
                    name = " Hill clinic ",
                    timeZone = "Europe/London",
                    address = " ",
                }
            )
        ).Should(204);

        var read = (await group.Owner.Api.Get(group.Location(location))).Should(200);
        Assert.Equal("Hill clinic", read["name"].GetString());
        Assert.Equal("Europe/London", read["timeZone"].GetString());
        Assert.All(["address", "phone", "colour", "hours"], field =>
            Assert.Equal(System.Text.Json.JsonValueKind.Null, read[field].ValueKind)
        );
    }

    [Fact]
    public async Task Of_two_people_who_read_the_same_version_the_second_gets_the_current_one()
    {
        var group = await NewGroup();
        var path = group.Location(group.LocationId);
        var etag = (await group.Owner.Api.Get(path)).ETag;

        (await group.Owner.Api.Put(path, Place.Full("First"), etag)).Should(204);
        var second = (await group.Owner.Api.Put(path, Place.Full("Second"), etag)).Should(
            412,
            "request.version_changed"
        );

        Assert.Equal((await group.Owner.Api.Get(path)).ETag, second["currentVersion"].GetString());
        Assert.Contains("First", await group.NamesSeenBy(group.Owner));
    }

    [Fact]
    public async Task Of_many_changes_to_one_version_at_once_exactly_one_is_made()
    {
        var group = await NewGroup();
        var path = group.Location(group.LocationId);
        var etag = (await group.Owner.Api.Get(path)).ETag;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => group.Owner.Api.Put(path, Place.Full($"Name {i}"), etag))
        );

        Assert.Equal([204, 412, 412, 412, 412, 412, 412, 412], answers.Select(answer => answer.Status).Order());
    }

    [Fact]
    public async Task A_change_without_a_version_is_rejected()
    {
        var group = await NewGroup();
        (await group.Owner.Api.Put(group.Location(group.LocationId), Place.Full())).Should(
            428,
            "request.version_required"
        );
    }

    [Fact]
    public async Task Opening_and_changing_are_audited_with_who_did_it()
    {
        var group = await NewGroup();
        var location = await group.Owner.Opens(group, "Harbour clinic");
        (await group.Owner.Api.Change(group.Location(location), Place.Full("Hill clinic"))).Should(204);

        var acts = await (await TestApp.StartedAsync()).Owner.Rows(
            "select act, actor_id, authority from audit.entries where subject_id = $1 and group_id = $2 order by id",
            location,
            group.Id
        );

        Assert.Equal(
            [
                ["locations.created", group.Owner.Id, "owner"],
                ["locations.changed", group.Owner.Id, "owner"],
            ],
            acts
        );
    }

    /// <summary>Without the line breaks, which are for readers of the test.</summary>
    private static string Compact(string json) => json.ReplaceLineEndings("");

    internal static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
