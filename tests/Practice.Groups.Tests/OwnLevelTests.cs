using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Practice.Groups.Tests;

/// <summary>Access levels that a group names itself.</summary>
public sealed class OwnLevelTests
{
    private static readonly string[] Desk = ["othersPatients", "othersCalendars"];

    [Fact]
    public async Task A_group_names_levels_of_its_own_beside_the_presets()
    {
        var group = await NewGroup();
        var level = await Makes(group, " Front desk ", Desk);
        await Makes(group, "Accounts", "othersInvoices");

        var listed = (await group.Owner.Api.Get($"{group.Path}/access-levels?limit=1")).Should(200);
        Assert.Equal(8, listed["presets"].GetArrayLength());
        Assert.Equal("Accounts", listed.Items.Single().GetProperty("name").GetString());
        var rest = (
            await group.Owner.Api.Get($"{group.Path}/access-levels?limit=1&after={listed["next"].GetString()}")
        ).Should(200);
        Assert.Equal(level, rest.Items.Single().GetProperty("id").GetGuid());
        Assert.Equal(JsonValueKind.Null, rest["next"].ValueKind);

        var one = (await group.Owner.Api.Get($"{group.Path}/access-levels/{level}")).Should(200);
        Assert.Equal(
            ("Front desk", "administrator", false, 0),
            (
                one["name"].GetString(),
                one["roleType"].GetString(),
                one["archived"].GetBoolean(),
                one["members"].GetInt32()
            )
        );
        Assert.Equal(Desk.Order(StringComparer.Ordinal), On(one["settings"]));
        (await group.Owner.Api.Get("/api/access-levels")).Should(200);
    }

    [Fact]
    public async Task An_own_level_is_given_wherever_a_preset_is()
    {
        var group = await NewGroup();
        var level = (await Makes(group, "Front desk", Desk)).ToString();

        // A new person, with a setting switched against the level.
        var added = await group.AddsNewPerson(
            level,
            settings: new() { ["othersCalendars"] = false, ["exportData"] = true }
        );
        Assert.Equal(["exportData", "othersPatients"], On(await EffectiveOf(group, added)));
        var access = (await group.Owner.Api.Get($"{group.Path}/members/{added.Id}/access")).Should(200);
        Assert.Equal(level, access["accessLevel"].GetString());
        Assert.Equal("""{"othersCalendars":false,"exportData":true}""", Plain(access["settings"]));

        // A person who has an account, by an invitation that is changed to the level.
        var invited = await group.Host.SignUpAndConfirm();
        await group.Welcomes(invited, level);
        Assert.Equal(Desk.Order(StringComparer.Ordinal), On(await EffectiveOf(group, invited)));
        var other = await group.Host.SignUpAndConfirm();
        var invitation = (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(other.Email, "reception")))
            .Should(201)["invitationId"]
            .GetGuid();
        (
            await group.Owner.Api.Change(
                $"{group.Path}/invitations/{invitation}",
                new
                {
                    roleType = "administrator",
                    profession = "receptionist",
                    accessLevel = level,
                    locationIds = Array.Empty<Guid>(),
                }
            )
        ).Should(204);
        var offered = (await group.Owner.Api.Get($"{group.Path}/invitations/{invitation}")).Should(200);
        Assert.Equal((level, "{}"), (offered["accessLevel"].GetString(), Plain(offered["settings"])));

        // A member, by a change and by a conversion.
        var practitioner = await group.AddsNewPerson("contact", "practitioner");
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members/{practitioner.Id}/convert",
                new
                {
                    roleType = "administrator",
                    profession = "receptionist",
                    accessLevel = level,
                }
            )
        ).Should(204);
        Assert.Equal(Desk.Order(StringComparer.Ordinal), On(await EffectiveOf(group, practitioner)));
        var preset = await group.AddsNewPerson("billing");
        (await group.Owner.Api.Change($"{group.Path}/members/{preset.Id}/access", new { accessLevel = level })).Should(
            204
        );
        Assert.Equal(
            level,
            (await group.Owner.Api.Get($"{group.Path}/members/{preset.Id}"))["accessLevel"].GetString()
        );

        // The people of a file, by the level's name or its id.
        var rows = (await Imports(group, "front DESK", level)).Should(200).Items;
        Assert.All(rows, row => Assert.Equal("accepted", row.GetProperty("verdict").GetString()));
        Assert.Equal(
            6,
            (await group.Owner.Api.Get($"{group.Path}/access-levels/{level}")).Should(200)["members"].GetInt32()
        );
    }

    [Fact]
    public async Task A_changed_level_counts_from_the_next_request_and_leaves_what_was_switched_against_it()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var plain = await group.AddsNewPerson(level.ToString());
        var switched = await group.AddsNewPerson(
            level.ToString(),
            settings: new() { ["othersCalendars"] = false, ["exportData"] = true }
        );
        var invited = await group.Host.SignUpAndConfirm();
        var offer = Group.Member(invited.Email, level.ToString());
        var invitation = (await group.Owner.Api.Post($"{group.Path}/members", offer)).Should(201)["invitationId"];
        (await plain.Api.Get($"{group.Path}/invitations")).Should(403);

        var change = Level("Reception plus", "othersPatients", "manageUsers");
        var preview = (await group.Owner.Api.Post($"{group.Path}/access-levels/{level}/preview", change)).Should(200);
        Assert.Equal((2, 1), (preview["changed"].GetInt32(), preview["invitationsChanged"].GetInt32()));
        Assert.Equal(
            ["manageUsers False True, othersCalendars True False", "manageUsers False True"],
            new[] { plain, switched }.Select(person => ChangeOf(preview, person))
        );
        (await plain.Api.Get($"{group.Path}/invitations")).Should(403);

        (await group.Owner.Api.Change($"{group.Path}/access-levels/{level}", change)).Should(204);
        (await plain.Api.Get($"{group.Path}/invitations")).Should(200);
        Assert.Equal(["manageUsers", "othersPatients"], On(await EffectiveOf(group, plain)));
        Assert.Equal(["exportData", "manageUsers", "othersPatients"], On(await EffectiveOf(group, switched)));
        Assert.Equal(
            """{"exportData":true}""",
            Plain((await group.Owner.Api.Get($"{group.Path}/members/{switched.Id}/access"))["settings"])
        );
        (await invited.Api.Post($"/api/invitations/{invitation.GetGuid()}/accept")).Should(204);
        Assert.Equal(["manageUsers", "othersPatients"], On(await EffectiveOf(group, invited)));

        // One entry, with its members.
        var entry = Assert.Single(
            (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.access_level_changed")).Should(200).Items
        );
        Assert.Equal(level, entry.GetProperty("subjectId").GetGuid());
        Assert.Equal(
            new[] { plain.Id, switched.Id }.Order(),
            entry
                .GetProperty("details")
                .GetProperty("members")
                .EnumerateArray()
                .SelectMany(alike => alike.GetProperty("userIds").EnumerateArray())
                .Select(id => id.GetGuid())
                .Order()
        );
        await Eventually.Get(async () =>
            (await plain.Api.Get("/api/users/me/notifications"))
                .Items.Select(item => item.GetProperty("kind").GetString())
                .FirstOrDefault(kind => kind == "accessChanged")
        );
    }

    [Fact]
    public async Task A_level_is_changed_by_who_has_read_it_as_it_is()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var path = $"{group.Path}/access-levels/{level}";
        var read = (await group.Owner.Api.Get(path)).Should(200).ETag!;
        (await group.Owner.Api.Put(path, Level("Front desk"))).Should(428);
        (await group.Owner.Api.Put(path, Level("Front desk"), read)).Should(204);
        (await group.Owner.Api.Put(path, Level("Front desk"), read)).Should(412);
        (await group.Owner.Api.Put(path, new { name = "Front desk", settings = new { } }, "*")).Should(204);
        (await group.Owner.Api.Post($"{path}/preview", new { settings = new { } })).Should(200);
        (await group.Owner.Api.Post($"{path}/preview", new { name = " " })).ShouldReject("name", "settings");
        (
            await group.Owner.Api.Put(
                path,
                new
                {
                    name = "Front desk",
                    roleType = "practitioner",
                    settings = new { },
                },
                "*"
            )
        ).Should(422, "groups.access_level_role_type");
    }

    [Fact]
    public async Task A_name_is_taken_whatever_its_case_until_its_level_is_archived()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var other = await Makes(group, "Accounts");
        var levels = $"{group.Path}/access-levels";
        (await group.Owner.Api.Post(levels, Level("FRONT desk"))).Should(409, "groups.access_level_name_taken");
        (await group.Owner.Api.Post(levels, Level("Billing"))).Should(409, "groups.access_level_name_taken");
        await Makes(group, "2026"); // a number, and two names in one, are no level of ours
        await Makes(group, "Personal, Contact");
        (await group.Owner.Api.Put($"{levels}/{other}", Level("front DESK"), "*")).Should(
            409,
            "groups.access_level_name_taken"
        );
        (await group.Owner.Api.Put($"{levels}/{level}", Level("front DESK"), "*")).Should(204); // its own

        var elsewhere = await NewGroup();
        await Makes(elsewhere, "Front desk");
        (await group.Owner.Api.Post($"{levels}/{level}/archive")).Should(204);
        await Makes(group, "Front desk");

        // By the name that it has now.
        var owner = $"{group.Owner.FirstName} {group.Owner.LastName}";
        Assert.Equal(
            [
                $"{owner} archived the access level front DESK",
                $"{owner} changed the access level front DESK",
                $"{owner} made the access level front DESK",
            ],
            (await group.Owner.Api.Get($"{group.Path}/audit?subjectId={level}"))
                .Should(200)
                .Items.Select(entry => entry.GetProperty("sentence").GetString())
        );
    }

    [Fact]
    public async Task An_archived_level_is_given_to_nobody_new_and_kept_by_who_has_it()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var member = await group.AddsNewPerson(level.ToString());
        var other = await group.AddsNewPerson();
        var path = $"{group.Path}/access-levels/{level}";
        (await group.Owner.Api.Post($"{path}/archive")).Should(204);

        (await group.Owner.Api.Post($"{path}/archive")).Should(409, "groups.access_level_archived");
        (await group.Owner.Api.Put(path, Level("Front desk"), "*")).Should(409, "groups.access_level_archived");
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), level.ToString(), People.NewPassword())
            )
        ).Should(422, "groups.access_level_archived");
        (await Gives(group, other, level)).Should(422, "groups.access_level_archived");
        Assert.Equal(
            "accessLevel",
            (await Imports(group, "Front desk"))
                .Should(200)
                .Items[0]
                .GetProperty("errors")
                .EnumerateObject()
                .Single()
                .Name
        );

        (
            await group.Owner.Api.Put(
                $"{group.Path}/members/{member.Id}/access",
                new { accessLevel = level, settings = new { exportData = true } },
                "*"
            )
        ).Should(204);
        Assert.Equal(
            "exportData othersCalendars othersPatients",
            string.Join(' ', On(await EffectiveOf(group, member)))
        );
        Assert.Empty((await group.Owner.Api.Get($"{group.Path}/access-levels?archived=false")).Should(200).Items);
    }

    [Fact]
    public async Task A_level_of_another_group_does_not_exist()
    {
        var (group, elsewhere) = (await NewGroup(), await NewGroup());
        var level = await Makes(elsewhere, "Front desk", Desk);
        var member = await group.AddsNewPerson();
        var path = $"{group.Path}/access-levels/{level}";
        (await group.Owner.Api.Get(path)).Should(404);
        (await group.Owner.Api.Put(path, Level("Mine now"), "*")).Should(404);
        (await group.Owner.Api.Post($"{path}/preview", Level("Mine now"))).Should(404);
        (await group.Owner.Api.Post($"{path}/archive")).Should(404);
        (await Gives(group, member, level)).Should(422, "groups.unknown_access_level");
        (await Gives(group, member, Guid.CreateVersion7())).Should(422, "groups.unknown_access_level");
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), level.ToString(), People.NewPassword())
            )
        ).Should(422, "groups.unknown_access_level");
        Assert.Equal("reception", (await AccessOf(group, member))["accessLevel"].GetString());
    }

    [Fact]
    public async Task A_level_is_for_the_role_type_it_was_made_for()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var practitioner = await group.AddsNewPerson("personal", "practitioner");
        (await Gives(group, practitioner, level)).Should(422, "groups.level_not_for_role_type");
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), level.ToString(), People.NewPassword(), "practitioner")
            )
        ).Should(422, "groups.level_not_for_role_type");
    }

    [Fact]
    public async Task What_is_no_level_is_an_error_of_the_field()
    {
        var group = await NewGroup();
        (await group.Owner.Api.Post($"{group.Path}/access-levels", new { })).ShouldReject(
            "name",
            "roleType",
            "settings"
        );
        (await group.Owner.Api.Post($"{group.Path}/access-levels", Level("Front desk", "everything"))).ShouldReject(
            "settings"
        );
        (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), "frontDesk", People.NewPassword())
            )
        ).ShouldReject("accessLevel");
    }

    [Fact]
    public async Task Nobody_gives_more_by_a_level_than_they_have_themselves()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var levels = $"{group.Path}/access-levels";
        (await manager.Api.Post(levels, Level("Too much", "othersClinicalRecords"))).Should(
            403,
            "groups.beyond_own_access"
        );
        var level = (await manager.Api.Post(levels, Level("Front desk", Desk))).Should(201).Id;
        var change = Level("Front desk", "othersClinicalRecords");
        (await manager.Api.Put($"{levels}/{level}", change, "*")).Should(403, "groups.beyond_own_access");
        (await manager.Api.Post($"{levels}/{level}/preview", change)).Should(403, "groups.beyond_own_access");

        // What an owner has made beyond the manager's access is not theirs to change.
        var above = await Makes(group, "Clinical desk", "othersClinicalRecords");
        (await manager.Api.Put($"{levels}/{above}", Level("Less"), "*")).Should(403, "groups.beyond_own_access");
        (await manager.Api.Post($"{levels}/{above}/archive")).Should(403, "groups.beyond_own_access");
        (await manager.Api.Put($"{group.Path}/members/{manager.Id}/access", new { accessLevel = above }, "*")).Should(
            403,
            "groups.beyond_own_access"
        );
    }

    [Fact]
    public async Task A_level_is_not_changed_over_a_member_who_is_above_the_changer()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var manager = await group.AddsNewPerson("manager");
        var above = await group.AddsNewPerson(level.ToString(), settings: new() { ["othersClinicalRecords"] = true });
        var beside = await group.AddsNewPerson(level.ToString());
        var (path, change) = ($"{group.Path}/access-levels/{level}", Level("Front desk", "othersPatients"));

        (await manager.Api.Post($"{path}/preview", change)).Should(403, "groups.beyond_own_access");
        (await manager.Api.Put(path, change, "*")).Should(403, "groups.beyond_own_access");
        Assert.Equal(Desk.Order(StringComparer.Ordinal), On(await EffectiveOf(group, beside)));
        // A name changes nobody's access.
        (await manager.Api.Put(path, Level("Reception desk", Desk), "*")).Should(204);

        (await group.Owner.Api.Put(path, change, "*")).Should(204);
        Assert.Equal(["othersClinicalRecords", "othersPatients"], On(await EffectiveOf(group, above)));
    }

    [Fact]
    public async Task A_level_narrows_no_owner()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Partner", On(await EffectiveOf(group, group.Owner)));
        var member = await group.WelcomesNewPerson();
        (await Gives(group, member, level)).Should(204);
        (
            await group.Owner.Api.Put(
                $"{group.Path}/members/{member.Id}/access",
                new { accessLevel = level, owner = true },
                "*"
            )
        ).Should(422, "groups.owner_has_full_access");
        (
            await group.Owner.Api.Put(
                $"{group.Path}/members/{member.Id}/access",
                new { accessLevel = "full", owner = true },
                "*"
            )
        ).Should(204);
        (await group.Owner.Api.Put($"{group.Path}/access-levels/{level}", Level("Partner"), "*")).Should(204);
        Assert.Equal(8, On(await EffectiveOf(group, member)).Length);
    }

    [Fact]
    public async Task An_invitation_that_the_reduced_level_no_longer_covers_is_withdrawn()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Office", [.. Desk, "manageUsers"]);
        var inviter = await group.AddsNewPerson(level.ToString());
        var invited = await group.Host.SignUpAndConfirm();
        var invitation = (await inviter.Api.Post($"{group.Path}/members", Group.Member(invited.Email, "reception")))
            .Should(201)["invitationId"]
            .GetGuid();

        var change = Level("Office", Desk);
        Assert.Equal(
            1,
            (await group.Owner.Api.Post($"{group.Path}/access-levels/{level}/preview", change))
                .Should(200)["invitationsWithdrawn"]
                .GetInt32()
        );
        (await group.Owner.Api.Put($"{group.Path}/access-levels/{level}", change, "*")).Should(204);
        Assert.Equal(
            "withdrawn",
            (await group.Owner.Api.Get($"{group.Path}/invitations/{invitation}"))["status"].GetString()
        );
    }

    [Fact]
    public async Task A_thousand_members_follow_in_one_statement()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var one = await group.AddsNewPerson(level.ToString());
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute(
            """
            insert into groups.memberships (group_id, user_id, email, first_name, last_name, role_type, profession,
                level, own_level_id, switched_on, switched_off, is_owner, location_ids, status, joined_at, has_left,
                password_set_by)
            select group_id, gen_random_uuid(), 'm' || number || '@many.test', 'Ada', 'Moss', role_type, profession,
                level, own_level_id, switched_on, switched_off, false, '{}', 'Active', now(), false,
                null
            from groups.memberships, generate_series(1, 1000) number where group_id = $1 and user_id = $2
            """,
            group.Id,
            one.Id
        );

        using var statements = new CountedStatements(app.ConnectionString);
        (
            await group.Owner.Api.Put($"{group.Path}/access-levels/{level}", Level("Front desk", "exportData"), "*")
        ).Should(204);
        Assert.Equal(1, statements.Of("GroupsDbContext", "update groups.memberships"));
        Assert.Equal(
            1001L,
            await app.Owner.Scalar<long>(
                """
                select count(*) from authority.memberships a join groups.memberships m using (group_id, user_id)
                where group_id = $1 and m.own_level_id = $2 and a.settings = 1 << 5
                """,
                group.Id,
                level
            )
        );
        var preview = (
            await group.Owner.Api.Post(
                $"{group.Path}/access-levels/{level}/preview?limit=200",
                Level("Front desk", Desk)
            )
        ).Should(200);
        Assert.Equal((1001, 200), (preview["changed"].GetInt32(), preview.Items.Count));
        Assert.NotEqual(JsonValueKind.Null, preview["next"].ValueKind);
    }

    [Fact]
    public async Task A_host_of_the_previous_release_knows_the_access_and_may_replace_the_level()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", "othersInvoices");
        var member = await group.AddsNewPerson(level.ToString());
        var app = await TestApp.StartedAsync();
        Assert.Equal(
            ("Reception", 1 << 2, (1 << 0) | (1 << 1)),
            (
                await app.Owner.Scalar<string>("select level from groups.memberships where user_id = $1", member.Id),
                await app.Owner.Scalar<int>("select switched_on from groups.memberships where user_id = $1", member.Id),
                await app.Owner.Scalar<int>("select switched_off from groups.memberships where user_id = $1", member.Id)
            )
        );

        await app.Owner.Execute(
            "update groups.memberships set level = 'Billing', switched_on = 0, switched_off = 0 where user_id = $1",
            member.Id
        );
        Assert.Equal("billing", (await AccessOf(group, member))["accessLevel"].GetString());
        (await group.Owner.Api.Put($"{group.Path}/access-levels/{level}", Level("Front desk"), "*")).Should(204);
        Assert.Equal("{}", Plain((await AccessOf(group, member))["settings"]));
    }

    [Fact]
    public async Task Whoever_is_given_a_level_while_it_changes_has_what_it_sets_in_the_end()
    {
        var group = await NewGroup();
        var level = await Makes(group, "Front desk", Desk);
        var member = await group.AddsNewPerson();
        var invited = await group.Host.SignUpAndConfirm();
        for (var round = 0; round < AtOnce.Rounds(12); round++)
        {
            string[] settings = round % 2 == 0 ? ["exportData"] : Desk;
            (await Gives(group, member, level)).Should(204);
            (await group.Owner.Api.Put(AccessPath(group, member), new { accessLevel = "reception" }, "*")).Should(204);
            var answers = await Task.WhenAll(
                group.Owner.Api.Put($"{group.Path}/access-levels/{level}", Level("Front desk", settings), "*"),
                Gives(group, member, level),
                round == 0
                    ? group.Owner.Api.Post($"{group.Path}/members", Group.Member(invited.Email, level.ToString()))
                    : group.Owner.Api.Get(group.Path)
            );
            Assert.DoesNotContain(answers, answer => answer.Status >= 300);
            Assert.Equal(settings.Order(StringComparer.Ordinal), On(await EffectiveOf(group, member)));
            Assert.Equal("{}", Plain((await AccessOf(group, member))["settings"]));
        }

        var mine = (await invited.Api.Get("/api/invitations")).Should(200).Items.Single();
        (await invited.Api.Post($"/api/invitations/{mine.GetProperty("id").GetGuid()}/accept")).Should(204);
        Assert.Equal(On(await EffectiveOf(group, member)), On(await EffectiveOf(group, invited)));
    }

    [Fact]
    public async Task Two_owners_who_change_a_level_at_once_do_so_one_after_the_other()
    {
        var group = await NewGroup();
        var second = await group.WelcomesNewPerson();
        (await group.Owner.Api.Put(AccessPath(group, second), new { accessLevel = "full", owner = true }, "*")).Should(
            204
        );
        var level = await Makes(group, "Front desk", Desk);
        var member = await group.Host.SignUpAndConfirm();
        await group.Welcomes(member, level.ToString());
        var path = $"{group.Path}/access-levels/{level}";
        for (var round = 0; round < AtOnce.Rounds(12); round++)
        {
            var read = (await group.Owner.Api.Get(path)).Should(200).ETag!;
            var answers = await Task.WhenAll(
                group.Owner.Api.Put(path, Level($"First {round}", "exportData"), read),
                second.Api.Put(path, Level($"Second {round}", "othersInvoices"), read)
            );
            Assert.Equal([204, 412], answers.Select(answer => answer.Status).Order());
            Assert.Equal(
                [answers[0].Status == 204 ? "exportData" : "othersInvoices"],
                On(await EffectiveOf(group, member))
            );
        }
    }

    [Fact]
    public async Task Of_two_levels_of_one_name_made_at_once_there_is_one()
    {
        var group = await NewGroup();
        for (var round = 0; round < AtOnce.Rounds(8); round++)
        {
            var answers = await Task.WhenAll(
                group.Owner.Api.Post($"{group.Path}/access-levels", Level($"Desk {round}")),
                group.Owner.Api.Post($"{group.Path}/access-levels", Level($"desk {round}"))
            );
            Assert.Equal([201, 409], answers.Select(answer => answer.Status).Order());
        }
    }

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();

    internal static object Level(string name, params string[] on) =>
        new
        {
            name,
            roleType = "administrator",
            settings = on.ToDictionary(setting => setting, _ => true),
        };

    internal static async Task<Guid> Makes(Group group, string name, params string[] on) =>
        (await group.Owner.Api.Post($"{group.Path}/access-levels", Level(name, on))).Should(201).Id;

    private static Task<Answer> Gives(Group group, Person member, Guid level) =>
        group.Owner.Api.Put($"{group.Path}/members/{member.Id}/access", new { accessLevel = level }, "*");

    private static string AccessPath(Group group, Person member) => $"{group.Path}/members/{member.Id}/access";

    private static async Task<Answer> AccessOf(Group group, Person member) =>
        (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/access")).Should(200);

    private static async Task<JsonElement> EffectiveOf(Group group, Person member) =>
        (await group.Owner.Api.Get($"{group.Path}/members/{member.Id}/effective-access")).Should(200)["settings"];

    private static string[] On(JsonElement settings) =>
        [
            .. settings
                .EnumerateObject()
                .Where(setting => setting.Value.GetBoolean())
                .Select(setting => setting.Name)
                .Order(StringComparer.Ordinal),
        ];

    private static string Plain(JsonElement json) => JsonSerializer.Serialize(json);

    private static string ChangeOf(Answer preview, Person person) =>
        string.Join(
            ", ",
            preview
                .Items.Single(item => item.GetProperty("userId").GetGuid() == person.Id)
                .GetProperty("settings")
                .EnumerateArray()
                .Select(change =>
                    $"{change.GetProperty("setting")} {change.GetProperty("before").GetBoolean()} "
                    + $"{change.GetProperty("after").GetBoolean()}"
                )
                .Order(StringComparer.Ordinal)
        );

    private static Task<Answer> Imports(Group group, params string[] levels) =>
        group.Owner.Api.Post(
            $"{group.Path}/members/import",
            new StringContent(
                "firstName,lastName,roleType,profession,email,accessLevel\n"
                    + string.Concat(
                        levels.Select(level => $"Ben,Ray,administrator,receptionist,{People.NewEmail()},{level}\n")
                    ),
                Encoding.UTF8,
                new MediaTypeHeaderValue("text/csv")
            )
        );
}
