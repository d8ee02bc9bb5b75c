using System.Text.Json;

namespace Practice.Groups.Tests;

/// <summary>One act on many users: each under its own guard, with a verdict of its own.</summary>
public sealed class ManyUsersTests
{
    [Fact]
    public async Task Each_is_checked_by_itself_and_one_who_is_refused_stops_no_other()
    {
        var group = await NewGroup();
        var (first, second) = (await group.AddsNewPerson(), await group.AddsNewPerson());
        var gone = await group.AddsNewPerson();
        (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);
        var stranger = Guid.CreateVersion7();

        object Batch() =>
            new
            {
                act = "deactivate",
                ids = new[] { first.Id, group.Owner.Id, stranger, gone.Id, second.Id, first.Id },
                reason = "Season over",
            };
        var verdicts = Verdicts((await Does(group.Owner, group, Batch())).Should(200));
        Assert.Equal(
            [
                (first.Id, "done", null),
                (group.Owner.Id, "refused", "groups.cannot_deactivate_self"),
                (stranger, "refused", "request.not_found"),
                (gone.Id, "unchanged", "groups.already_deactivated"),
                (second.Id, "done", null),
            ],
            verdicts
        );
        (await first.Api.Get(group.Path)).Should(404);
        (await second.Api.Get(group.Path)).Should(404);
        (await group.Owner.Api.Get(group.Path)).Should(200);

        // A repeat changes nothing more.
        var again = Verdicts((await Does(group.Owner, group, Batch())).Should(200));
        Assert.Equal(["unchanged", "refused", "refused", "unchanged", "unchanged"], again.Select(one => one.Outcome));
        Assert.Equal(
            3,
            (await group.Owner.Api.Get($"{group.Path}/audit?act=groups.member_deactivated")).Should(200).Items.Count
        );
    }

    [Fact]
    public async Task Whom_it_reaches_is_shown_first_with_what_stays_booked()
    {
        var group = await NewGroup();
        var (booked, free) = (await group.AddsNewPerson(), await group.AddsNewPerson());
        var stranger = (await NewGroup()).Owner;
        var app = await TestApp.StartedAsync();
        var patient = (
            await group.Owner.Api.Post(
                $"{group.Path}/patients",
                new
                {
                    firstName = "Ines",
                    lastName = "Vale",
                    dateOfBirth = "1990-02-03",
                }
            )
        ).Should(201).Id;
        await app.Owner.Execute(
            """
            insert into portal.appointments (id, group_id, patient_id, practitioner_id, practitioner_name, location_id,
                location_name, location_time_zone, starts_at, ends_at, status)
            select gen_random_uuid(), $1, $4, $2, 'Dr Moss', $3, 'Main', zone, at::timestamptz,
                at::timestamptz + interval '1 hour', status
            from (values ('2025-01-01Z', 'Booked', 'UTC'), ('2099-01-02Z', 'Booked', 'Australia/Perth'),
                ('2099-01-03Z', 'Booked', 'UTC'), ('2099-01-01Z', 'Cancelled', 'UTC')) as one (at, status, zone)
            """,
            group.Id,
            booked.Id,
            group.LocationId,
            patient
        );
        var (path, ids) = ($"{group.Path}/users/batch/preview", new[] { free.Id, stranger.Id, booked.Id });

        var shown = (await group.Owner.Api.Post(path, new { act = "deactivate", ids })).Should(200).Items;
        Assert.Equal([free.Id, booked.Id], shown.Select(user => user.GetProperty("id").GetGuid()));
        Assert.Equal([free.Email, booked.Email], shown.Select(user => user.GetProperty("email").GetString()));
        Assert.Equal($"{booked.FirstName} {booked.LastName}", shown[1].GetProperty("name").GetString());
        Assert.Equal(
            ["null", """{"count":2,"nextStartsAt":"2099-01-02T00:00:00+00:00","nextTimeZone":"Australia/Perth"}"""],
            shown.Select(user => user.GetProperty("booked").GetRawText())
        );
        (await group.Owner.Api.Post(path, new { ids = Array.Empty<Guid>() })).ShouldReject("act", "ids");
        (await booked.Api.Get(group.Path)).Should(200); // nothing has been done
    }

    [Fact]
    public async Task The_last_owner_who_can_act_stays_whatever_the_order()
    {
        var group = await NewGroup();
        var second = await Owner(group);
        var third = await Owner(group);
        // The caller is refused as nobody deactivates themselves; an access level takes nobody's ownership.
        var verdicts = Verdicts(
            (await Does(second, group, new { act = "deactivate", ids = new[] { group.Owner.Id, third.Id } })).Should(
                200
            )
        );
        Assert.Equal(["done", "done"], verdicts.Select(one => one.Outcome));
        Assert.Equal(
            1L,
            await (await TestApp.StartedAsync()).Owner.Scalar<long>(
                "select count(*) from groups.memberships where group_id = $1 and is_owner and status = 'Active'",
                group.Id
            )
        );
    }

    /// <summary>
    /// An owner who has never signed in does not hold the group, so the second of the others must stay.
    /// </summary>
    [Fact]
    public async Task Owners_are_counted_after_each_one()
    {
        var group = await NewGroup();
        var actor = await group.WelcomesNewPerson();
        (await group.Owner.Api.Put(Access(group, actor), new { accessLevel = "full", owner = true }, "*")).Should(204);
        var other = await Owner(group);
        // From here on the caller is no owner who can act: their email is unconfirmed, as after a change by support.
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute("update users.accounts set email_confirmed = false where id = $1", actor.Id);

        var verdicts = Verdicts(
            (await Does(actor, group, new { act = "deactivate", ids = new[] { group.Owner.Id, other.Id } })).Should(200)
        );
        Assert.Equal([(group.Owner.Id, "done", null), (other.Id, "refused", "groups.last_owner")], verdicts);
    }

    [Fact]
    public async Task Nobody_changes_members_above_them_and_only_recently_verified_owners_change_owners()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        var above = await group.AddsNewPerson("full");
        var below = await group.AddsNewPerson();
        var ids = new[] { group.Owner.Id, above.Id, below.Id };
        Assert.Equal(
            ["groups.beyond_own_access", "groups.beyond_own_access", null],
            Verdicts((await Does(manager, group, new { act = "deactivate", ids })).Should(200)).Select(one => one.Code)
        );
        Assert.Equal(
            ["groups.beyond_own_access"],
            Verdicts(
                    (
                        await Does(
                            manager,
                            group,
                            new
                            {
                                act = "changeAccess",
                                ids = new[] { below.Id },
                                accessLevel = "full",
                            }
                        )
                    ).Should(200)
                )
                .Select(one => one.Code)
        );

        var owner = await Owner(group);
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute(
            "update authority.sessions set verified_at = now() - interval '1 hour' where user_id = $1",
            group.Owner.Id
        );
        Assert.Equal(
            ["auth.verification_required", null],
            Verdicts(
                    (
                        await Does(group.Owner, group, new { act = "deactivate", ids = new[] { owner.Id, above.Id } })
                    ).Should(200)
                )
                .Select(one => one.Code)
        );
    }

    [Fact]
    public async Task Many_are_given_a_level_each_by_their_role_type()
    {
        var group = await NewGroup();
        var level = await OwnLevelTests.Makes(group, "Front desk", "othersPatients");
        var administrator = await group.AddsNewPerson(settings: new() { ["exportData"] = true });
        var practitioner = await group.AddsNewPerson("contact", "practitioner");
        var ids = new[] { administrator.Id, practitioner.Id, group.Owner.Id };
        object batch = new
        {
            act = "changeAccess",
            ids,
            accessLevel = level,
        };
        Assert.Equal(
            [null, "groups.level_not_for_role_type", "groups.owner_has_full_access"],
            Verdicts((await Does(group.Owner, group, batch)).Should(200)).Select(one => one.Code)
        );
        var access = (await group.Owner.Api.Get(Access(group, administrator))).Should(200);
        Assert.Equal(
            (level.ToString(), "{}"),
            (access["accessLevel"].GetString(), JsonSerializer.Serialize(access["settings"]))
        );
        Assert.Equal("unchanged", Verdicts((await Does(group.Owner, group, batch)).Should(200)).First().Outcome);
    }

    [Fact]
    public async Task Locations_are_added_to_and_taken_from_those_each_one_has()
    {
        var group = await NewGroup();
        var annexe = (
            await group.Owner.Api.Post(
                $"{group.Path}/locations",
                new { name = "Annexe", timeZone = "Australia/Melbourne" }
            )
        )
            .Should(201)
            .Id;
        var here = await group.AddsNewPerson(locations: group.LocationId);
        var both = await group.AddsNewPerson(locations: [group.LocationId, annexe]);
        var ids = new[] { here.Id, both.Id };

        Assert.Equal(
            ["done", "unchanged"],
            Verdicts((await Does(group.Owner, group, Assign("assign", annexe))).Should(200)).Select(one => one.Outcome)
        );
        Assert.Equal([group.LocationId, annexe], await LocationsOf(here));
        Verdicts((await Does(group.Owner, group, Assign("unassign", group.LocationId))).Should(200));
        Assert.Equal([annexe], await LocationsOf(here));
        Assert.Equal([annexe], await LocationsOf(both));
        Assert.All(
            Verdicts((await Does(group.Owner, group, Assign("assign", Guid.CreateVersion7()))).Should(200)),
            one => Assert.Equal("locations.unknown_location", one.Code)
        );

        // Takes both rights: the route asks for users, the act for locations too.
        var users = await group.AddsNewPerson(settings: new() { ["manageUsers"] = true });
        (await Does(users, group, Assign("assign", annexe))).Should(403, "auth.not_allowed");

        object Assign(string act, Guid location) =>
            new
            {
                act,
                ids,
                locationIds = new[] { location },
            };

        async Task<IEnumerable<Guid>> LocationsOf(Person person) =>
            (await group.Owner.Api.Get($"{group.Path}/members/{person.Id}/locations"))
                .Should(200)["locationIds"]
                .EnumerateArray()
                .Select(id => id.GetGuid());
    }

    [Fact]
    public async Task Invitations_are_sent_again_once()
    {
        var group = await NewGroup();
        var invitations = new List<Guid>();
        for (var number = 0; number < 2; number++)
        {
            var guest = await group.Host.SignUpAndConfirm();
            invitations.Add(
                (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(guest.Email, "reception")))
                    .Should(201)["invitationId"]
                    .GetGuid()
            );
        }

        (await group.Owner.Api.Post($"{group.Path}/invitations/{invitations[1]}/withdraw")).Should(204);
        var app = await TestApp.StartedAsync();
        await app.Owner.Execute(
            "update groups.invitations set sent_at = now() - interval '1 day' where id = $1",
            invitations[0]
        );
        object batch = new { act = "resend", ids = invitations };
        Assert.Equal(
            [(invitations[0], "done", null), (invitations[1], "refused", "groups.invitation_not_pending")],
            Verdicts((await Does(group.Owner, group, batch)).Should(200))
        );
        Assert.Equal(
            (invitations[0], "unchanged", "groups.resent_just_now"),
            Verdicts((await Does(group.Owner, group, batch)).Should(200)).First()
        );
    }

    [Fact]
    public async Task A_batch_says_what_is_missing_or_too_much()
    {
        var group = await NewGroup();
        await Rejects(new { }, "act", "ids");
        await Rejects(new { act = "deactivate", ids = Array.Empty<Guid>() }, "ids");
        await Rejects(
            new { act = "deactivate", ids = Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7()) },
            "ids"
        );
        await Rejects(new { act = "assign", ids = new[] { group.Owner.Id } }, "locationIds");
        await Rejects(new { act = "changeAccess", ids = new[] { group.Owner.Id } }, "accessLevel");
        await Rejects(
            new
            {
                act = "resend",
                ids = new[] { group.Owner.Id },
                reason = "Why not",
                accessLevel = "full",
                locationIds = new[] { group.LocationId },
            },
            "reason",
            "accessLevel",
            "locationIds"
        );

        async Task Rejects(object batch, params string[] fields) =>
            (await Does(group.Owner, group, batch)).ShouldReject(fields);
    }

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();

    private static async Task<Person> Owner(Group group)
    {
        var person = await group.WelcomesNewPerson();
        (await group.Owner.Api.Put(Access(group, person), new { accessLevel = "full", owner = true }, "*")).Should(204);
        return person;
    }

    private static string Access(Group group, Person person) => $"{group.Path}/members/{person.Id}/access";

    private static Task<Answer> Does(Person caller, Group group, object batch) =>
        caller.Api.Post($"{group.Path}/users/batch", batch);

    private static List<(Guid Id, string Outcome, string? Code)> Verdicts(Answer report) =>
        [
            .. report.Items.Select(item =>
                (
                    item.GetProperty("id").GetGuid(),
                    item.GetProperty("outcome").GetString()!,
                    item.TryGetProperty("code", out var code) ? code.GetString() : null
                )
            ),
        ];
}
