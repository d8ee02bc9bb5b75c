namespace Practice.Locations.Tests;

/// <summary>Invalid input about a location: each is a 400 that names the field, and nothing is stored.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("""{ "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": null, "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": 7, "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": "", "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": "  ", "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": "a\u0000b", "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": "a\u001bb", "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": "{101}", "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": "A", "name": "B", "timeZone": "Europe/London" }""", "name")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "address": {} }""", "address")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "address": "a\u0007" }""", "address")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "address": "{301}" }""", "address")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "phone": 61355500100 }""", "phone")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "phone": "1\n2" }""", "phone")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "phone": "{41}" }""", "phone")]
    [InlineData("""{ "name": "A" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": null }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": [] }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "Mars/Olympus" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "AUS Eastern Standard Time" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "/dev/zero" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "../zoneinfo/Europe/London" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London\u0000" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "{65}" }""", "timeZone")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "colour": "" }""", "colour")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "colour": "red" }""", "colour")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "colour": "#12345g" }""", "colour")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "colour": "#123456\n" }""", "colour")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "colour": 1 }""", "colour")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "hours": [] }""", "hours")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "hours": "always" }""", "hours")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "hours": { "someday": [] } }""", "hours.someday")]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "hours": { "monday": {} } }""", "hours.monday")]
    [InlineData(
        """{ "name": "A", "timeZone": "Europe/London", "hours": { "monday": [null] } }""",
        "hours.monday[0].opens",
        "hours.monday[0].closes"
    )]
    [InlineData(
        """{ "name": "A", "timeZone": "Europe/London", "hours": { "monday": [{}] } }""",
        "hours.monday[0].opens",
        "hours.monday[0].closes"
    )]
    [InlineData(
        """{ "name": "A", "timeZone": "Europe/London", "hours": { "monday": [{ "opens": 9, "closes": "17:00" }] } }""",
        "hours.monday[0].opens"
    )]
    [InlineData(
        """
            { "name": "A", "timeZone": "Europe/London",
              "hours": { "friday": [{ "opens": "9:00", "closes": "17:00" }] } }
            """,
        "hours.friday[0].opens"
    )]
    [InlineData(
        """
            { "name": "A", "timeZone": "Europe/London",
              "hours": { "friday": [{ "opens": "24:00", "closes": "24:00" }] } }
            """,
        "hours.friday[0].opens"
    )]
    [InlineData(
        """
            { "name": "A", "timeZone": "Europe/London",
              "hours": { "friday": [{ "opens": "09:00", "closes": "09:60" }] } }
            """,
        "hours.friday[0].closes"
    )]
    [InlineData(
        """
            { "name": "A", "timeZone": "Europe/London",
              "hours": { "sunday": [{ "opens": "09:00", "closes": "09:00" }] } }
            """,
        "hours.sunday[0].closes"
    )]
    [InlineData(
        """
            { "name": "A", "timeZone": "Europe/London",
              "hours": { "sunday":
                [{ "opens": "09:00", "closes": "12:00" }, { "opens": "11:59", "closes": "17:00" }] } }
            """,
        "hours.sunday[1].opens"
    )]
    [InlineData(
        """{ "name": "A", "timeZone": "Europe/London", "hours": { "sunday": [{}, {}, {}, {}, {}, {}, {}] } }""",
        "hours.sunday"
    )]
    [InlineData("""{ "name": "A", "timeZone": "Europe/London", "status": "archived" }""", "status")]
    [InlineData("""{ "name": "", "timeZone": "x", "colour": "y" }""", "name", "timeZone", "colour")]
    [InlineData("""[]""", "body")]
    [InlineData("""null""", "body")]
    [InlineData("""{ "name": """, "name")]
    [InlineData("""not json""", "body")]
    public async Task Is_rejected_with_the_name_of_the_field_and_not_stored(string body, params string[] fields)
    {
        var group = await Groups.Value;
        body = System.Text.RegularExpressions.Regex.Replace(body, @"\{(\d+)\}", length => new string(
            'x',
            int.Parse(length.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
        ));
        var path = group.Location(group.LocationId);
        var before = (await group.Owner.Api.Get(path)).Should(200);

        (await group.Owner.Api.Post(group.Locations(), body)).ShouldReject(fields);
        (await group.Owner.Api.Put(path, body, before.ETag)).ShouldReject(fields);

        Assert.Equal(before.Text, (await group.Owner.Api.Get(path)).Text);
        Assert.Single((await group.Owner.Api.Get(group.Locations())).Items);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=AAAA", "after")]
    [InlineData("limit=x&after=x", "limit", "after")]
    public async Task An_invalid_list_query_is_rejected(string query, params string[] fields)
    {
        var group = await Groups.Value;
        (await group.Owner.Api.Get($"{group.Locations()}?{query}")).ShouldReject(fields);
    }

    [Fact]
    public async Task A_body_that_is_not_json_is_rejected()
    {
        var group = await Groups.Value;
        (
            await group.Owner.Api.Post(
                group.Locations(),
                new StringContent("name=x", null, "application/x-www-form-urlencoded")
            )
        ).Should(415);
        (await group.Owner.Api.Post(group.Locations())).ShouldReject("body");
    }

    [Fact]
    public async Task An_invalid_id_is_not_found()
    {
        var group = await Groups.Value;
        (await group.Owner.Api.Get($"{group.Locations()}/one")).Should(404);
        (await group.Owner.Api.Get($"/api/groups/one/locations")).Should(404);
        (await group.Owner.Api.Get(group.Location(Guid.Empty))).Should(404);
    }

    private static readonly Lazy<Task<Group>> Groups = new(OpeningAndChangingTests.NewGroup);
}
