using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Shared.Messaging;

namespace Practice.Groups.Tests;

public sealed class AddUserTests
{
    private const string Temporary = "temporary horse battery";

    [Fact]
    public async Task A_new_person_needs_a_password()
    {
        var group = await NewGroup();
        (await Add(group, Group.Member(People.NewEmail(), "reception"))).Should(422, "groups.password_required");
    }

    [Fact]
    public async Task An_existing_person_keeps_their_password()
    {
        var group = await NewGroup();
        var person = await group.Host.SignUpAndConfirm();
        (await Add(group, Group.Member(person.Email, "reception", Temporary))).Should(
            422,
            "groups.password_not_allowed"
        );
        Assert.Empty((await person.Api.Get("/api/invitations")).Should(200).Items);
        await person.SignsInAgain();
    }

    [Fact]
    public async Task An_active_member_is_not_added_again()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson();
        (await Add(group, Group.Member(member.Email, "reception"))).Should(409, "groups.already_member");
        (await Add(group, Group.Member(member.Email, "reception", Temporary))).Should(409, "groups.already_member");
    }

    [Fact]
    public async Task A_person_with_an_open_invitation_is_not_invited_again()
    {
        var group = await NewGroup();
        var person = await group.Host.SignUpAndConfirm();
        (await Add(group, Group.Member(person.Email, "reception"))).Should(201);
        (await Add(group, Group.Member(person.Email, "reception"))).Should(409, "groups.already_invited");
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/invitations")).Items);
    }

    [Fact]
    public async Task A_deactivated_member_is_reactivated_not_added()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson();
        (await group.Owner.Api.Post($"{group.Path}/members/{member.Id}/deactivate")).Should(204);
        var refused = (await Add(group, Group.Member(member.Email, "reception"))).Should(
            409,
            "groups.member_deactivated"
        );
        Assert.Equal([member.Id], refused["memberIds"].EnumerateArray().Select(id => id.GetGuid()));
    }

    [Fact]
    public async Task An_administrator_has_no_registration_number()
    {
        var group = await NewGroup();
        var body = Group.Member(People.NewEmail(), "reception", Temporary);
        body["registrationNumber"] = "A1";
        (await Add(group, body)).Should(400, "groups.registration_not_allowed").ShouldReject("registrationNumber");
    }

    [Fact]
    public async Task A_practitioner_without_a_registration_number_is_flagged_until_it_is_entered()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("personal", "practitioner");
        Assert.True((await group.MemberOf(member))["registrationPending"].GetBoolean());

        (
            await group.Owner.Api.Change(
                $"{group.Path}/members/{member.Id}",
                new { profession = "nurse", registrationNumber = "NMW1" }
            )
        ).Should(204);
        var changed = await group.MemberOf(member);
        Assert.False(changed["registrationPending"].GetBoolean());
        Assert.Equal("nurse", changed["profession"].GetString());
    }

    [Theory]
    [InlineData("administrator", "personal")]
    [InlineData("administrator", "clinical")]
    [InlineData("practitioner", "reception")]
    [InlineData("practitioner", "manager")]
    public async Task A_level_of_the_wrong_role_type_is_rejected(string roleType, string level)
    {
        var group = await NewGroup();
        (await Add(group, Group.Member(People.NewEmail(), level, Temporary, roleType)))
            .Should(400, "groups.level_not_for_role_type")
            .ShouldReject("accessLevel");
    }

    [Fact]
    public async Task Only_locations_of_the_group_are_assigned()
    {
        var group = await NewGroup();
        var other = await NewGroup();
        (
            await Add(group, Group.Member(People.NewEmail(), "reception", Temporary, locations: [other.LocationId]))
        ).Should(422, "locations.unknown_location");
    }

    [Fact]
    public async Task An_archived_location_takes_no_assignment()
    {
        var group = await NewGroup();
        var second = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        (await group.Owner.Api.Post($"{group.Path}/locations/{second}/archive")).Should(204);
        (await Add(group, Group.Member(People.NewEmail(), "reception", Temporary, locations: [second]))).Should(
            422,
            "locations.archived"
        );
    }

    [Fact]
    public async Task Nobody_grants_access_that_they_do_not_have()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager");
        (await manager.Api.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "full", Temporary))).Should(
            403,
            "groups.beyond_own_access"
        );
        (
            await manager.Api.Post(
                $"{group.Path}/members",
                Group.Member(
                    People.NewEmail(),
                    "reception",
                    Temporary,
                    settings: new() { ["othersClinicalRecords"] = true }
                )
            )
        ).Should(403, "groups.beyond_own_access");
        (await manager.Api.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "billing", Temporary))).Should(
            201
        );
    }

    [Fact]
    public async Task Nobody_lifts_a_restriction_that_they_have()
    {
        var group = await NewGroup();
        var manager = await group.AddsNewPerson("manager", settings: new() { ["hidePatientNames"] = true });
        (
            await manager.Api.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "reception", Temporary))
        ).Should(403, "groups.beyond_own_access");
        (
            await manager.Api.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), "reception", Temporary, settings: new() { ["hidePatientNames"] = true })
            )
        ).Should(201);
    }

    [Fact]
    public async Task A_member_restricted_to_locations_assigns_no_others()
    {
        var group = await NewGroup();
        var second = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        var manager = await group.AddsNewPerson(
            "manager",
            settings: new() { ["restrictToAssignedLocations"] = true },
            locations: group.LocationId
        );
        var restricted = new Dictionary<string, bool> { ["restrictToAssignedLocations"] = true };
        (
            await manager.Api.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), "reception", Temporary, settings: restricted, locations: [second])
            )
        ).Should(403, "groups.beyond_own_access");
        (
            await manager.Api.Post(
                $"{group.Path}/members",
                Group.Member(
                    People.NewEmail(),
                    "reception",
                    Temporary,
                    settings: restricted,
                    locations: [group.LocationId]
                )
            )
        ).Should(201);
    }

    [Fact]
    public async Task A_read_only_member_changes_nothing()
    {
        var group = await NewGroup();
        var member = await group.AddsNewPerson("manager", settings: new() { ["readOnly"] = true });
        (
            await member.Api.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "reception", Temporary))
        ).Should(403, "auth.not_allowed");
        (await member.Api.Get($"{group.Path}/invitations")).Should(200);
        (await member.Api.Post($"{group.Path}/members/me/leave")).Should(204);
    }

    [Fact]
    public async Task A_person_added_by_one_group_is_an_existing_person_for_others_but_accepts_only_once_confirmed()
    {
        var group = await NewGroup();
        var person = await group.AddsNewPerson();
        var other = await NewGroup();
        var invited = (await Add(other, Group.Member(person.Email, "reception"))).Should(201);
        Assert.Equal("invited", invited["outcome"].GetString());
        // The first group may still set the password, and would read what others offer.
        Assert.Empty(await person.Api.GetAll("/api/invitations"));
        await ((TestApp)group.Host).SettlesAsync();
        Assert.Equal(
            "joined",
            Assert.Single(await person.Api.GetAll("/api/users/me/notifications")).GetProperty("kind").GetString()
        );
        Assert.Equal(1, (await person.Api.Get("/api/users/me/notifications/unread-count"))["count"].GetInt32());
        (await person.Api.Post($"/api/invitations/{invited["invitationId"].GetGuid()}/accept")).Should(
            403,
            "groups.email_not_confirmed"
        );
        (await person.Api.Post("/api/groups", new { name = "Mine", roleType = "administrator" })).Should(
            403,
            "groups.email_not_confirmed"
        );
    }

    [Fact]
    public async Task A_password_that_is_too_common_is_rejected_and_makes_no_account()
    {
        var group = await NewGroup();
        var email = People.NewEmail();
        (await Add(group, Group.Member(email, "reception", "password1234"))).Should(400).ShouldReject("password");
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/members")).Items);
        Assert.Equal(
            0L,
            await (await TestApp.StartedAsync()).Owner.Scalar<long>(
                "select count(*) from users.accounts where lower(email) = $1",
                email
            )
        );
    }

    [Fact]
    public async Task A_call_cut_off_after_the_account_was_made_is_completed_by_a_repeat_even_after_a_failed_one()
    {
        var app = await TestApp.StartedAsync();
        var (group, email) = (await NewGroup(), People.NewEmail());
        (
            await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", "passwordpassword"))
        ).ShouldReject("password");
        var reserved = await app.Owner.Scalar<Guid>(
            "select user_id from groups.reservations where group_id = $1",
            group.Id
        );
        await using (var scope = app.Services.CreateAsyncScope()) // as far as a call got before it was killed
        {
            Assert.False(
                (
                    await scope
                        .ServiceProvider.GetRequiredService<IModuleBus>()
                        .InvokeAsSystemAsync(
                            new AddAccount(
                                reserved,
                                group.Id,
                                email,
                                null,
                                "Ada",
                                "Moss",
                                People.NewPassword(),
                                1,
                                group.Owner.Id
                            ),
                            CancellationToken.None
                        )
                ).IsError
            );
        }

        (
            await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", "passwordpassword"))
        ).ShouldReject("password");
        var password = People.NewPassword();
        var added = (
            await group.Owner.Api.Post($"{group.Path}/members", Group.Member(email, "reception", password))
        ).Should(201);
        Assert.Equal(reserved, added["userId"].GetGuid());
        await group.Host.SignIn(email, password);
    }

    [Fact]
    public async Task Answers_that_reveal_an_account_are_limited_to_thirty_an_hour_per_caller()
    {
        var limited = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "1000" };
        await using var app = await TestApp.StartAsync(new TestAppOptions { Settings = limited });
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        for (var i = 0; i < 30; i++)
            (await Add(group, Group.Member(People.NewEmail(), "reception"))).Should(422, "groups.password_required");
        (await Add(group, Group.Member(People.NewEmail(), "reception"))).Should(429, "groups.too_many_lookups");

        // Another host counts on.
        await using var other = await TestApp.StartAsync(
            new TestAppOptions { Settings = limited, ConnectionString = app.ConnectionString }
        );
        var there = other.Api.WithToken(group.Owner.Api.Token);
        (await there.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "reception"))).Should(
            429,
            "groups.too_many_lookups"
        );
        await app.PassesAsync(TimeSpan.FromHours(1));
        (await Add(group, Group.Member(People.NewEmail(), "reception"))).Should(422, "groups.password_required");
    }

    [Fact]
    public async Task Lookups_and_reservations_are_deleted_by_age_though_nobody_comes_back()
    {
        var group = await NewGroup();
        var app = await TestApp.StartedAsync();
        foreach (var (hours, days, email) in new[] { (25, 31, "OLD@EXAMPLE.COM"), (23, 29, "RECENT@EXAMPLE.COM") })
        {
            await app.Owner.Execute(
                "insert into groups.lookups (id, user_id, kind, at) values ($1, $2, 'User', now() - $3::interval)",
                Guid.CreateVersion7(),
                group.Owner.Id,
                TimeSpan.FromHours(hours)
            );
            await app.Owner.Execute(
                """
                insert into groups.reservations (group_id, normalized_email, user_id, reserved_at, attempts)
                values ($1, $2, $3, now() - $4::interval, 1)
                """,
                group.Id,
                email,
                Guid.CreateVersion7(),
                TimeSpan.FromDays(days)
            );
        }

        var cleanup = app.Services.GetServices<IHostedService>().OfType<ExpiredRowsCleanup>().Single();
        await cleanup.RunAsync(CancellationToken.None);

        Assert.Equal(
            1L,
            await app.Owner.Scalar<long>("select count(*) from groups.lookups where user_id = $1", group.Owner.Id)
        );
        Assert.Equal(
            "RECENT@EXAMPLE.COM",
            await app.Owner.Scalar<string>(
                "select string_agg(normalized_email, ', ') from groups.reservations where group_id = $1",
                group.Id
            )
        );
    }

    [Fact]
    public async Task A_new_practice_writes_to_few_people_a_day_by_the_form_and_by_files_together()
    {
        await using var app = await TestApp.StartAsync(
            new TestAppOptions
            {
                Settings = new Dictionary<string, string?>
                {
                    ["RateLimits:PerMinute"] = "1000",
                    ["Practices:NewPeopleADay"] = "3",
                },
            }
        );
        var person = await app.SignUpAndConfirm();
        var (group, other) = (await person.CreatesGroup(), await person.CreatesGroup());
        (await Add(group, Group.Member(People.NewEmail(), "reception", Temporary))).Should(201);
        (await Add(group, Group.Member((await app.SignUpAndConfirm()).Email, "reception"))).Should(201);

        var file = string.Join(
            '\n',
            [
                "title,firstName,lastName,roleType,profession,registrationNumber,email,accessLevel",
                .. Enumerable
                    .Range(0, 3)
                    .Select(_ => $",Ada,Moss,administrator,receptionist,,{People.NewEmail()},reception"),
            ]
        );
        using var content = new StringContent(file, new MediaTypeHeaderValue("text/csv"));
        var rows = (await group.Owner.Api.Post($"{group.Path}/members/import", content)).Should(200).Items;
        Assert.Equal(["accepted", "refused", "notTried"], rows.Select(row => row.GetProperty("verdict").GetString()));
        Assert.Equal("groups.too_many_people", rows[1].GetProperty("code").GetString());
        (await Add(group, Group.Member(People.NewEmail(), "reception", Temporary))).Should(
            429,
            "groups.too_many_people"
        );
        (await Add(other, Group.Member(People.NewEmail(), "reception", Temporary))).Should(201);

        // Nor do the limits of many practices add up.
        await person.CreatesGroup();
        (await person.Api.Post("/api/groups", new { name = "One more", roleType = "administrator" })).Should(
            429,
            "groups.too_many_practices"
        );

        await app.PassesAsync(TimeSpan.FromDays(1));
        var later = await app.SignIn(person.Email, person.Password);
        for (var added = 1; added <= 3; added++) // as many as on the first day
            (await later.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "reception", Temporary))).Should(
                201
            );
        (await later.Post($"{group.Path}/members", Group.Member(People.NewEmail(), "reception", Temporary))).Should(
            429,
            "groups.too_many_people"
        );
    }

    [Fact]
    public async Task New_practices_count_for_who_made_them_also_after_they_were_given_away()
    {
        await using var app = await TestApp.StartAsync(
            new() { Settings = new Dictionary<string, string?> { ["RateLimits:PerMinute"] = "1000" } }
        );
        var (person, heir) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        var (left, handed) = (await person.CreatesGroup(), await person.CreatesGroup());
        await person.CreatesGroup();
        foreach (var group in new[] { left, handed })
        {
            await group.Welcomes(heir, "full");
            (await person.Api.Change(Access(group, heir), new { accessLevel = "full", owner = true })).Should(204);
        }

        var owner = await heir.SignsInAgain();
        (await person.Api.Post($"{left.Path}/members/me/leave")).Should(204);
        (await owner.Api.Change(Access(handed, person), new { accessLevel = "full", owner = false })).Should(204);
        (await Creates(await person.SignsInAgain())).Should(429, "groups.too_many_practices");

        for (var made = 1; made <= 3; made++) // those of others do not count
            (await Creates(owner)).Should(201);
        (await Creates(owner)).Should(429, "groups.too_many_practices");

        static string Access(Group group, Person of) => $"{group.Path}/members/{of.Id}/access";

        static Task<Answer> Creates(Person who) =>
            who.Api.Post("/api/groups", new { name = "One more", roleType = "administrator" });
    }

    private static Task<Answer> Add(Group group, object body) => group.Owner.Api.Post($"{group.Path}/members", body);

    private static async Task<Group> NewGroup() =>
        await (await (await TestApp.StartedAsync()).SignUpAndConfirm()).CreatesGroup();
}
