using System.Text.Json;

namespace Practice.Groups.Tests;

public sealed class AccessTests
{
    private static readonly string[] AllOpening =
    [
        "othersPatients",
        "othersCalendars",
        "othersInvoices",
        "othersClinicalRecords",
        "financialReports",
        "exportData",
        "manageUsers",
        "manageLocations",
    ];

    /// <summary>The presets of the domain.</summary>
    [Theory]
    [InlineData("practitioner", "personal", "")]
    [InlineData("practitioner", "contact", "othersPatients othersCalendars othersInvoices")]
    [InlineData("practitioner", "clinical", "othersPatients othersCalendars othersInvoices othersClinicalRecords")]
    [InlineData("practitioner", "full", "*")]
    [InlineData("administrator", "reception", "othersPatients othersCalendars")]
    [InlineData("administrator", "billing", "othersPatients othersCalendars othersInvoices financialReports")]
    [InlineData(
        "administrator",
        "manager",
        "othersPatients othersCalendars othersInvoices financialReports manageUsers manageLocations exportData"
    )]
    [InlineData("administrator", "full", "*")]
    public async Task A_level_sets_what_the_catalogue_says(string roleType, string level, string settings)
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson(level, roleType);
        var expected = settings == "*" ? AllOpening : settings.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var effective = (await member.Api.Get($"{group.Path}/members/{member.Id}/effective-access")).Should(200)[
            "settings"
        ];
        Assert.Equal(11, effective.EnumerateObject().Count());
        Assert.Equal(expected.Order(StringComparer.Ordinal), On(effective));
        var listed = (await member.Api.Get("/api/access-levels"))
            .Should(200)
            .Items.Single(item =>
                item.GetProperty("code").GetString() == level && item.GetProperty("roleType").GetString() == roleType
            );
        Assert.Equal(expected.Order(StringComparer.Ordinal), On(listed.GetProperty("settings")));
    }

    [Fact]
    public async Task Changed_access_counts_from_the_next_request()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception");
        (await member.Api.Get($"{group.Path}/invitations")).Should(403);
        await Change(group, member, new { accessLevel = "reception", settings = new { manageUsers = true } });
        (await member.Api.Get($"{group.Path}/invitations")).Should(200);
        var access = (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/access")).Should(200);
        Assert.Equal("{\"manageUsers\":true}", access["settings"].GetRawText());

        await Change(group, member, new { accessLevel = "reception" });
        (await member.Api.Get($"{group.Path}/invitations")).Should(403);
    }

    [Fact]
    public async Task Changing_access_requires_the_version_that_was_read()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception");
        var path = $"{group.Path}/members/{member.Id}/access";
        var tag = (await group.Owner.Api.Get(path)).Should(200).ETag;
        (await group.Owner.Api.Put(path, new { accessLevel = "billing" })).Should(428, "request.version_required");
        (await group.Owner.Api.Put(path, new { accessLevel = "billing" }, tag)).Should(204);
        var stale = (await group.Owner.Api.Put(path, new { accessLevel = "manager" }, tag)).Should(
            412,
            "request.version_changed"
        );
        Assert.Equal((await group.Owner.Api.Get(path)).ETag, stale["currentVersion"].GetString());
    }

    [Fact]
    public async Task A_level_of_the_other_role_type_is_rejected()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception");
        (
            await group.Owner.Api.Put($"{group.Path}/members/{member.Id}/access", new { accessLevel = "clinical" }, "*")
        ).Should(422, "groups.level_not_for_role_type");
    }

    [Fact]
    public async Task Nobody_raises_their_own_level()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var path = $"{group.Path}/members/{manager.Id}/access";
        (await manager.Api.Put(path, new { accessLevel = "full" }, "*")).Should(403, "groups.beyond_own_access");
        (await manager.Api.Put(path, new { accessLevel = "manager", owner = true }, "*")).Should(422);
        (
            await manager.Api.Put(
                path,
                new { accessLevel = "manager", settings = new { othersClinicalRecords = true } },
                "*"
            )
        ).Should(403, "groups.beyond_own_access");
        (await manager.Api.Put(path, new { accessLevel = "reception" }, "*")).Should(204);
    }

    [Fact]
    public async Task Only_owners_make_owners()
    {
        var group = await NewGroup();
        var full = await group.AddsNewPerson("full");
        var other = await group.AddsNewPerson("full");
        (
            await full.Api.Put(
                $"{group.Path}/members/{other.Id}/access",
                new { accessLevel = "full", owner = true },
                "*"
            )
        ).Should(403, "groups.beyond_own_access");
        await Change(group, other, new { accessLevel = "full", owner = true });
        Assert.True((await group.MemberOf(other))["owner"].GetBoolean());
    }

    [Fact]
    public async Task An_owner_cannot_be_restricted()
    {
        var group = await NewGroup();
        var path = $"{group.Path}/members/{group.Owner.Id}/access";
        (await group.Owner.Api.Put(path, new { accessLevel = "manager" }, "*")).Should(
            422,
            "groups.owner_has_full_access"
        );
        (await group.Owner.Api.Put(path, new { accessLevel = "full", settings = new { readOnly = true } }, "*")).Should(
            422,
            "groups.owner_has_full_access"
        );
        (await group.Owner.Api.Put(path, new { accessLevel = "full" }, "*")).Should(204);
    }

    [Fact]
    public async Task The_last_owner_cannot_be_demoted_and_cannot_leave()
    {
        var group = await NewGroup();
        await group.AddsNewPerson("full");
        (
            await group.Owner.Api.Put(
                $"{group.Path}/members/{group.Owner.Id}/access",
                new { accessLevel = "full", owner = false },
                "*"
            )
        ).Should(409, "groups.last_owner");
        (await group.Owner.Api.Post($"{group.Path}/members/me/leave")).Should(409, "groups.last_owner");
    }

    [Fact]
    public async Task An_owner_who_cannot_act_does_not_hold_the_group()
    {
        var group = await NewGroup();
        var leave = $"{group.Path}/members/me/leave";
        var (email, password) = (People.NewEmail(), People.NewPassword());
        var added = await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "full", password));
        var never = added.Should(201)["userId"].GetGuid();
        await MakesOwner(never);
        (await group.Owner.Api.Post(leave)).Should(409, "groups.last_owner"); // never signed in

        var unconfirmed = await group.AddsNewPerson("full");
        await MakesOwner(unconfirmed.Id);
        (await group.Owner.Api.Post(leave)).Should(409, "groups.last_owner"); // nobody read that mailbox
        var preview = await group.Owner.Api.Get($"{group.Path}/members/{group.Owner.Id}/deactivation");
        Assert.True(preview.Should(200)["lastOwner"].GetBoolean());

        await MakesOwner((await group.WelcomesNewPerson()).Id);
        (await group.Owner.Api.Post(leave)).Should(204);

        async Task MakesOwner(Guid userId) =>
            (
                await group.Owner.Api.Put(
                    $"{group.Path}/members/{userId}/access",
                    new { accessLevel = "full", owner = true },
                    "*"
                )
            ).Should(204);
    }

    [Fact]
    public async Task A_deactivated_member_has_no_access()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("manager", locations: group.LocationId);
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        var effective = (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/effective-access")).Should(200);
        Assert.All(effective["settings"].EnumerateObject(), setting =>
            Assert.False(setting.Value.GetBoolean(), setting.Name)
        );
        Assert.Empty(effective["locationIds"].EnumerateArray());
    }

    [Fact]
    public async Task Setting_the_same_access_again_is_not_audited()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception");
        await Change(group, member, new { accessLevel = "billing" });
        await Change(group, member, new { accessLevel = "billing" });
        Assert.Equal(
            1L,
            await (await TestApp.StartedAsync()).Owner.Scalar<long>(
                "select count(*) from audit.entries where act = 'groups.access_changed' and subject_id = $1",
                member.Id
            )
        );
    }

    [Fact]
    public async Task A_manager_restricted_to_locations_manages_nobody_who_also_works_elsewhere()
    {
        var group = await NewGroup();
        var elsewhere = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Elsewhere", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var restricted = new Dictionary<string, bool> { ["restrictToAssignedLocations"] = true };
        var manager = await group.AddsNewPerson("manager", settings: restricted, locations: group.LocationId);
        var nowhere = await group.AddsNewPerson("manager", settings: restricted);
        var here = await group.AddsNewPerson("reception", settings: restricted, locations: group.LocationId);
        var there = await group.AddsNewPerson(
            "reception",
            settings: restricted,
            locations: [group.LocationId, elsewhere]
        );

        (await manager.Api.Post($"{group.Path}/members/{there.Id}/deactivate")).Should(403, "groups.beyond_own_access");
        (await manager.Api.Change($"{group.Path}/members/{there.Id}", new { profession = "nurse" })).Should(
            403,
            "groups.beyond_own_access"
        );
        (await nowhere.Api.Post($"{group.Path}/members/{here.Id}/deactivate")).Should(403, "groups.beyond_own_access");
        (await manager.Api.Post($"{group.Path}/members/{here.Id}/deactivate")).Should(204);
        (await manager.Api.Post($"{group.Path}/members/{here.Id}/reactivate")).Should(204);
    }

    [Fact]
    public async Task A_manager_restricted_to_locations_neither_sees_nor_changes_invitations_to_others()
    {
        var group = await NewGroup();
        var app = await TestApp.StartedAsync();
        var elsewhere = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Elsewhere", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var restricted = new Dictionary<string, bool> { ["restrictToAssignedLocations"] = true };
        var manager = await group.AddsNewPerson("manager", settings: restricted, locations: group.LocationId);
        var nowhere = await group.AddsNewPerson("manager", settings: restricted);
        var invitations = new List<Guid>();
        foreach (var locations in new Guid[][] { [group.LocationId], [elsewhere], [], [elsewhere, group.LocationId] })
        {
            var person = await app.SignUpAndConfirm();
            var added = await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(person.Email, "reception", settings: restricted, locations: locations)
            );
            invitations.Add(added.Should(201)["invitationId"].GetGuid());
        }

        var list = $"{group.Path}/invitations";
        Assert.Equal([invitations[3], invitations[0]], await Ids(manager));
        Assert.Empty(await Ids(nowhere));
        (await manager.Api.Get($"{list}/{invitations[0]}")).Should(200);
        (await manager.Api.Get($"{list}/{invitations[1]}")).Should(404);
        (await manager.Api.Post($"{list}/{invitations[1]}/withdraw")).Should(404);
        (await manager.Api.Post($"{list}/{invitations[3]}/withdraw")).Should(403, "groups.beyond_own_access");
        (await manager.Api.Post($"{list}/{invitations[0]}/withdraw")).Should(204);
        Assert.Equal(4, (await Ids(group.Owner)).Count());

        async Task<IEnumerable<Guid>> Ids(Person reader) =>
            (await reader.Api.GetAll(list)).Select(item => item.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Others_access_is_read_only_by_those_who_manage_users()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("reception");
        (await member.Api.Get($"{group.Path}/members/{member.Id}/effective-access")).Should(200);
        (await member.Api.Get($"{group.Path}/members/{group.Owner.Id}/effective-access")).Should(403);
        (await member.Api.Get($"{group.Path}/members/{group.Owner.Id}/access")).Should(403);
        (await member.Api.Get($"{group.Path}/members/{group.Owner.Id}")).Should(200);
    }

    private static async Task Change(Group group, Person member, object access) =>
        (await group.Owner.Api.Change($"{group.Path}/members/{member.Id}/access", access)).Should(204);

    private static IEnumerable<string> On(JsonElement settings) =>
        settings
            .EnumerateObject()
            .Where(setting => setting.Value.GetBoolean())
            .Select(setting => setting.Name)
            .Order(StringComparer.Ordinal);

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
