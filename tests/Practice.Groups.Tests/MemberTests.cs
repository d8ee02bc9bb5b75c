using System.Text.Json;

namespace Practice.Groups.Tests;

public sealed class MemberTests
{
    [Fact]
    public async Task Members_are_listed_by_family_name_and_paging_neither_loses_nor_repeats_any()
    {
        var group = await NewGroup();
        foreach (var name in new[] { "Zola", "Adams", "adams", "Miller", "Évora" })
            (
                await group.Owner.Api.Post(
                    $"{group.Path}/members",
                    Group.Member(People.NewEmail(), "reception", "a good long password", lastName: name)
                )
            ).Should(201);

        var all = (await group.Owner.Api.Get($"{group.Path}/members"))
            .Should(200)
            .Items.Select(item => item.GetProperty("userId").GetGuid())
            .ToList();
        var paged = (await group.Owner.Api.GetAll($"{group.Path}/members?limit=2")).ConvertAll(item =>
            item.GetProperty("userId").GetGuid()
        );
        Assert.Equal(6, all.Count);
        Assert.Equal(all, paged);

        var names = (await group.Owner.Api.Get($"{group.Path}/members")).Items.Select(item =>
            item.GetProperty("lastName").GetString()!
        );
        Assert.Equal(
            ["adams", "adams", "évora", "miller", group.Owner.LastName.ToLowerInvariant(), "zola"],
            names.Select(name => name.ToLowerInvariant())
        );
    }

    [Fact]
    public async Task Members_are_found_by_name_or_email_and_filtered_by_status_and_role_type()
    {
        var group = await NewGroup();
        var email = People.NewEmail();
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(
                    email,
                    "personal",
                    "a good long password",
                    "practitioner",
                    firstName: "Grace",
                    lastName: "100%_Sure"
                )
            )
        ).Should(201);
        var other = await group.AddsNewPerson();
        (await group.Owner.Api.Post($"{group.Path}/members/{other.Id}/deactivate")).Should(204);

        (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member("elodie@practice.test", "reception", "a good long password", firstName: "Élodie")
            )
        ).Should(201);
        Assert.Equal(["elodie@practice.test"], await Found(group, "search=%C3%A9LODIE"));
        Assert.Equal([email], await Found(group, "search=gRACE"));
        Assert.Equal([email], await Found(group, "search=grace%20100"));
        Assert.Equal([email], await Found(group, "search=sure%20grace"));
        Assert.Equal([email], await Found(group, $"search={email[..12].ToUpperInvariant()}&roleType=practitioner"));
        Assert.Equal([email], await Found(group, "search=100%25_"));
        Assert.Empty(await Found(group, "search=1_0"));
        Assert.Empty(await Found(group, "search='%20or%201=1--"));
        Assert.Equal([email], await Found(group, "roleType=practitioner"));
        Assert.Equal([other.Email], await Found(group, "status=deactivated"));
        Assert.Equal(3, (await Found(group, "status=active")).Count);
        Assert.Equal([group.Owner.Email], await Found(group, $"locationId={group.LocationId}"));
        Assert.Empty(await Found(group, $"locationId={Guid.CreateVersion7()}"));
    }

    [Fact]
    public async Task The_first_page_and_one_member_show_what_a_filtered_list_shows()
    {
        var group = await NewGroup();
        var level = await OwnLevelTests.Makes(group, "Front desk", "othersPatients");
        await group.AddsNewPerson(level.ToString());
        await group.AddsNewPerson("personal", "practitioner");
        var left = await group.AddsNewPerson();
        (await group.Owner.Api.Post($"{group.Path}/members/{left.Id}/deactivate")).Should(204);

        var filtered = new List<string>();
        foreach (var filter in new[] { "status=active", "status=deactivated" })
            filtered.AddRange(Shown(await group.Owner.Api.Get($"{group.Path}/members?{filter}")));
        var first = Shown(await group.Owner.Api.Get($"{group.Path}/members"));
        Assert.Equal(filtered.Order(StringComparer.Ordinal), first.Order(StringComparer.Ordinal));
        Assert.Equal(4, first.Count);
        foreach (var member in first)
        {
            var id = JsonDocument.Parse(member).RootElement.GetProperty("userId").GetGuid();
            Assert.Equal(member, (await group.Owner.Api.Get($"{group.Path}/members/{id}")).Should(200).Text);
        }

        static List<string> Shown(Answer list) => list.Should(200).Items.Select(item => item.GetRawText()).ToList();
    }

    [Fact]
    public async Task An_id_of_another_group_is_always_a_404()
    {
        var group = await NewGroup();
        var other = await NewGroup();
        var (mine, theirs) = (group.Owner.Api, other.Path);
        foreach (
            var path in new[]
            {
                "",
                "/members",
                $"/members/{other.Owner.Id}",
                $"/members/{other.Owner.Id}/access",
                $"/members/{other.Owner.Id}/effective-access",
                $"/members/{other.Owner.Id}/locations",
                $"/locations/{other.LocationId}/members",
                "/invitations",
                "/locations",
            }
        )
        {
            (await mine.Get(theirs + path)).Should(404);
        }

        foreach (
            var path in new[]
            {
                $"/members/{other.Owner.Id}",
                $"/members/{other.Owner.Id}/access",
                $"/members/{other.Owner.Id}/effective-access",
                $"/members/{other.Owner.Id}/locations",
                $"/locations/{other.LocationId}/members",
            }
        )
        {
            (await mine.Get(group.Path + path)).Should(404);
        }

        (await mine.Post($"{group.Path}/members/{other.Owner.Id}/deactivate")).Should(404);
        (await mine.Put($"{group.Path}/members/{other.Owner.Id}/access", new { accessLevel = "full" }, "*")).Should(
            404
        );
        (
            await mine.Put(
                $"{group.Path}/locations/{other.LocationId}/members",
                new { userIds = Array.Empty<Guid>() },
                "*"
            )
        ).Should(404);
    }

    [Fact]
    public async Task Nobody_deactivates_themselves()
    {
        var group = await NewGroup();
        (await group.Owner.Api.Post($"{group.Path}/members/{group.Owner.Id}/deactivate")).Should(
            409,
            "groups.cannot_deactivate_self"
        );
    }

    [Fact]
    public async Task Deactivating_or_reactivating_twice_is_a_conflict()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson();
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/reactivate")).Should(
            409,
            "groups.already_active"
        );
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate", new { })).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate", new { })).Should(
            409,
            "groups.already_deactivated"
        );
    }

    [Fact]
    public async Task Nobody_manages_a_member_with_more_access_than_their_own()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var full = await group.AddsNewPerson("full");
        foreach (var target in new[] { full, group.Owner })
        {
            (await manager.Api.Post($"{group.Path}/members/{target.Id}/deactivate")).Should(
                403,
                "groups.beyond_own_access"
            );
            (await manager.Api.Post($"{group.Path}/members/{target.Id}/reactivate")).Should(
                403,
                "groups.beyond_own_access"
            );
            (
                await manager.Api.Put(
                    $"{group.Path}/members/{target.Id}/access",
                    new { accessLevel = "reception" },
                    "*"
                )
            ).Should(403, "groups.beyond_own_access");
            (await manager.Api.Put($"{group.Path}/members/{target.Id}", new { profession = "other" }, "*")).Should(
                403,
                "groups.beyond_own_access"
            );
            (
                await manager.Api.Put(
                    $"{group.Path}/members/{target.Id}/locations",
                    new { locationIds = Array.Empty<Guid>() },
                    "*"
                )
            ).Should(403, "groups.beyond_own_access");
        }

        (await full.Api.Post($"{group.Path}/members/{group.Owner.Id}/deactivate")).Should(
            403,
            "groups.beyond_own_access"
        );
        (await full.Api.Post($"{group.Path}/members/{manager.Id}/deactivate")).Should(204);
    }

    [Fact]
    public async Task A_changed_name_shows_in_every_group()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (first, second) = (await NewGroup(), await NewGroup());
        await first.Welcomes(person);
        await second.Welcomes(person);

        (
            await person.Api.Change(
                "/api/users/me",
                new
                {
                    title = "Prof",
                    firstName = "Renamed",
                    lastName = "Person",
                }
            )
        ).Should(204);
        foreach (var group in new[] { first, second })
            await Eventually.Is(async () => (await group.MemberOf(person))["firstName"].GetString() == "Renamed");
    }

    [Fact]
    public async Task Who_is_no_member_any_more_is_known_as_they_were_until_they_come_back()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var (left, ended, current) = (await NewGroup(), await NewGroup(), await NewGroup());
        foreach (var group in new[] { left, ended, current })
            await group.Welcomes(person);
        (await person.Api.Post($"{left.Path}/members/me/leave")).Should(204);
        (await ended.Owner.Api.Post($"{ended.Path}/members/{person.Id}/deactivate")).Should(204);

        (await person.Api.Change("/api/users/me", new { firstName = "Renamed", lastName = "Person" })).Should(204);
        await Eventually.Is(async () => await FirstNameIn(current) == "Renamed");
        await app.SettlesAsync();
        Assert.Equal((person.FirstName, person.FirstName), (await FirstNameIn(left), await FirstNameIn(ended)));

        (await ended.Owner.Api.Post($"{ended.Path}/members/{person.Id}/reactivate")).Should(204);
        await Eventually.Is(async () => await FirstNameIn(ended) == "Renamed");

        // Who left is asked.
        (await left.Owner.Api.Post($"{left.Path}/members/{person.Id}/reactivate")).Should(409, "groups.member_left");
        Assert.Equal("deactivated", (await left.MemberOf(person))["status"].GetString());
        Assert.True((await left.MemberOf(person))["left"].GetBoolean());
        foreach (var query in new[] { "", "?status=deactivated" }) // read in two ways
            Assert.Equal(
                [person.Id],
                (await left.Owner.Api.Get($"{left.Path}/members{query}"))
                    .Items.Where(one => one.GetProperty("left").GetBoolean())
                    .Select(one => one.GetProperty("userId").GetGuid())
            );
        Assert.False((await ended.MemberOf(person))["left"].GetBoolean());
        await left.Welcomes(person, "manager");
        var member = await left.MemberOf(person);
        Assert.Equal(
            ("active", "Renamed", "manager"),
            (member["status"].GetString(), member["firstName"].GetString(), member["accessLevel"].GetString())
        );
        (await person.Api.Get($"{left.Path}/members")).Should(200);

        async Task<string?> FirstNameIn(Group group) => (await group.MemberOf(person))["firstName"].GetString();
    }

    [Fact]
    public async Task A_reactivated_member_gets_back_level_settings_and_active_locations_and_archived_ones_are_listed()
    {
        var group = await NewGroup();
        var closing = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Closing", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var member = await group.AddsNewPerson(
            "billing",
            settings: new() { ["exportData"] = true },
            locations: [group.LocationId, closing]
        );
        var before = (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/effective-access"))["settings"]
            .GetRawText();
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{closing}/archive")).Should(204);

        var keyed = group.Owner.Api.WithHeader("Idempotency-Key", Guid.NewGuid().ToString());
        foreach (var _ in Enumerable.Range(0, 2)) // a repeat lists them too
        {
            var back = (await keyed.Post($"{group.Path}/members/{member.Id}/reactivate")).Should(204);
            Assert.Equal([closing.ToString()], back.Headers.GetValues("Skipped-Locations"));
        }

        var effective = await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/effective-access");
        Assert.Equal(before, effective["settings"].GetRawText());
        Assert.Equal([group.LocationId], effective["locationIds"].EnumerateArray().Select(id => id.GetGuid()));
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        Assert.False(
            (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/reactivate"))
                .Should(204)
                .Headers.Contains("Skipped-Locations")
        );
    }

    private static async Task<List<string?>> Found(Group group, string query) =>
        [
            .. (await group.Owner.Api.Get($"{group.Path}/members?{query}"))
                .Should(200)
                .Items.Select(item => item.GetProperty("email").GetString()),
        ];

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
