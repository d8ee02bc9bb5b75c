using System.Net.Http.Headers;
using System.Text;

namespace Practice.Groups.Tests;

/// <summary>
/// What other modules know is asked before the group is locked. Each test stops a call between the question and the
/// lock, changes the answer, and lets the call continue.
/// </summary>
public sealed class ChangedMeanwhileTests(ChangedMeanwhileTests.OwnApp own)
    : IClassFixture<ChangedMeanwhileTests.OwnApp>
{
    private const string WaitsInGroups = "practice_groups";
    private const string WaitsInLocations = "practice_locations";

    [Fact]
    public async Task Of_two_calls_that_found_no_account_for_a_new_person_one_adds_them()
    {
        var (group, email) = (await own.NewGroupAsync(), People.NewEmail());
        string[] passwords = [People.NewPassword(), People.NewPassword()];

        await using var held = await own.LockGroupAsync(group);
        var calls = passwords.Select(password => Add(group, Group.Member(email, "reception", password))).ToArray();
        await own.WaitAsync(WaitsInGroups, calls.Length);
        await held.ReleaseAsync();

        var answers = await Task.WhenAll(calls);
        Assert.Equal([201, 409], answers.Select(answer => answer.Status).Order());
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/members?search={email}")).Items);
        Assert.Equal(0L, await own.ReservationsOfAsync(group));
        await own.App.SignIn(email, passwords[Array.FindIndex(answers, answer => answer.Status == 201)]);
    }

    [Fact]
    public async Task A_person_whom_another_call_has_added_meanwhile_is_already_a_member()
    {
        var (group, email, password) = (await own.NewGroupAsync(), People.NewEmail(), People.NewPassword());
        var withLocation = Group.Member(email, "reception", People.NewPassword(), locations: [group.LocationId]);

        // Stopped after it has found no account, while it asks for the location, which the other call does not.
        await using var held = await own.HoldAsync("lock table locations.locations in access exclusive mode");
        var stopped = Add(group, withLocation);
        await own.WaitAsync(WaitsInLocations, 1);
        var added = (await Add(group, Group.Member(email, "reception", password))).Should(201);
        await held.ReleaseAsync();

        (await stopped).Should(409, "groups.already_member");
        Assert.Equal(
            added["userId"].GetGuid(),
            Assert
                .Single((await group.Owner.Api.Get($"{group.Path}/members?search={email}")).Items)
                .GetProperty("userId")
                .GetGuid()
        );
        Assert.Equal(0L, await own.ReservationsOfAsync(group));
        await own.App.SignIn(email, password);
    }

    [Fact]
    public async Task A_person_who_has_signed_up_meanwhile_keeps_their_own_password()
    {
        var (group, email) = (await own.NewGroupAsync(), People.NewEmail());

        await using var held = await own.LockGroupAsync(group);
        var adding = Add(group, Group.Member(email, "reception", People.NewPassword()));
        await own.WaitAsync(WaitsInGroups, 1);
        var person = await own.App.SignUpAndConfirm(email);
        await held.ReleaseAsync();

        (await adding).Should(422, "groups.password_not_allowed");
        Assert.Equal(0L, await own.ReservationsOfAsync(group));
        Assert.Empty((await person.Api.Get("/api/invitations")).Should(200).Items);
        await person.SignsInAgain();
    }

    [Fact]
    public async Task A_person_of_a_file_who_has_signed_up_meanwhile_is_invited()
    {
        var (group, email) = (await own.NewGroupAsync(), People.NewEmail());

        await using var held = await own.LockGroupAsync(group);
        var importing = group.Owner.Api.Post($"{group.Path}/members/import", FileWith(email));
        await own.WaitAsync(WaitsInGroups, 1);
        var person = await own.App.SignUpAndConfirm(email);
        await held.ReleaseAsync();

        var row = Assert.Single((await importing).Should(200).Items);
        Assert.Equal("accepted", row.GetProperty("verdict").GetString());
        Assert.Equal(
            group.Id,
            Assert.Single((await person.Api.Get("/api/invitations")).Items).GetProperty("groupId").GetGuid()
        );
        Assert.Equal(0L, await own.ReservationsOfAsync(group));
    }

    /// <summary>Both take the emails' locks in one order, whatever the order in the file.</summary>
    [Fact]
    public async Task Two_files_with_the_same_people_in_another_order_do_not_wait_for_each_other()
    {
        var (first, second) = (await own.NewGroupAsync(), await own.NewGroupAsync());
        string[] emails = [People.NewEmail(), People.NewEmail(), People.NewEmail()];

        await using var held = await own.HoldAsync(
            "select pg_advisory_xact_lock(hashtextextended($1, 0))",
            emails[1].ToUpperInvariant()
        );
        Task<Answer>[] importing =
        [
            first.Owner.Api.Post($"{first.Path}/members/import", FileWith(emails)),
            second.Owner.Api.Post($"{second.Path}/members/import", FileWith([.. emails.Reverse()])),
        ];
        await own.WaitAsync("practice_users", importing.Length);
        await held.ReleaseAsync();

        Assert.All((await Task.WhenAll(importing)).SelectMany(report => report.Should(200).Items), row =>
            Assert.Equal("accepted", row.GetProperty("verdict").GetString())
        );
        // One of two that wait for each other is tried again, so the answers do not show it.
        Assert.Equal(
            0L,
            await own.App.Owner.Scalar<long>(
                "select deadlocks from pg_stat_database where datname = current_database()"
            )
        );
    }

    [Fact]
    public async Task An_invitation_that_offers_other_locations_meanwhile_is_accepted_as_it_is_now()
    {
        var group = await own.NewGroupAsync();
        var (archived, added) = (await NewLocation(group, "Archived"), await NewLocation(group, "Added"));
        var person = await own.App.SignUpAndConfirm();
        var offer = Group.Member(person.Email, "reception", locations: [group.LocationId, archived]);
        var id = (await Add(group, offer)).Should(201)["invitationId"].GetGuid();
        (await group.Owner.Api.Post($"{group.Path}/locations/{archived}/archive")).Should(204);

        await using var held = await own.LockGroupAsync(group);
        var accepting = person.Api.Post($"/api/invitations/{id}/accept");
        await own.WaitAsync(WaitsInGroups, 1);
        await held.ExecuteAsync(
            "update groups.invitations set location_ids = $2 where id = $1",
            id,
            new[] { archived, added }
        );
        await held.ReleaseAsync();

        (await accepting).Should(204);
        Assert.Equal(
            [added],
            (await group.MemberOf(person))["locationIds"].EnumerateArray().Select(location => location.GetGuid())
        );
    }

    [Fact]
    public async Task An_invitation_that_is_withdrawn_meanwhile_is_not_accepted()
    {
        var group = await own.NewGroupAsync();
        var person = await own.App.SignUpAndConfirm();
        var id = (await Add(group, Group.Member(person.Email, "reception"))).Should(201)["invitationId"].GetGuid();

        await using var held = await own.LockGroupAsync(group);
        var accepting = person.Api.Post($"/api/invitations/{id}/accept");
        await own.WaitAsync(WaitsInGroups, 1);
        await held.ExecuteAsync("update groups.invitations set status = 'Withdrawn' where id = $1", id);
        await held.ReleaseAsync();

        (await accepting).Should(409, "groups.invitation_not_pending");
        (await person.Api.Get(group.Path)).Should(404);
    }

    [Fact]
    public async Task A_name_that_changes_once_more_meanwhile_reaches_the_member()
    {
        var group = await own.NewGroupAsync();
        var person = await group.AddsNewPerson();
        await own.App.SettlesAsync();

        await using var held = await own.LockGroupAsync(group);
        (await person.Api.Change("/api/users/me", new { firstName = "First", lastName = "Change" })).Should(204);
        await own.WaitAsync(WaitsInGroups, 1);
        // Without an event of its own, so that only a second look at the account can find it.
        await own.App.Owner.Execute("update users.accounts set first_name = 'Second' where id = $1", person.Id);
        await held.ReleaseAsync();

        await Eventually.Is(async () => (await group.MemberOf(person))["firstName"].GetString() == "Second");
        Assert.Equal("Change", (await group.MemberOf(person))["lastName"].GetString());
    }

    [Theory]
    [InlineData("add a user", "users.accounts")]
    [InlineData("add a user", "locations.locations")]
    [InlineData("accept an invitation", "users.accounts")]
    [InlineData("accept an invitation", "locations.locations")]
    [InlineData("change an invitation", "locations.locations")]
    [InlineData("assign locations", "locations.locations")]
    [InlineData("assign members", "locations.locations")]
    [InlineData("reactivate a member", "locations.locations")]
    public async Task A_call_that_waits_for_another_module_does_not_hold_up_the_group(string name, string table)
    {
        var group = await own.NewGroupAsync();
        var call = await Prepare(name, group);
        await own.App.SettlesAsync();

        await using var held = await own.HoldAsync($"lock table {table} in access exclusive mode");
        var waiting = call();
        await own.WaitAsync(table == "users.accounts" ? "practice_users" : WaitsInLocations, 1);
        (await group.Owner.Api.Change($"{group.Path}/members/{group.Owner.Id}", new { profession = "nurse" })).Should(
            204
        );
        Assert.False(waiting.IsCompleted);
        await held.ReleaseAsync();

        Assert.InRange((await waiting).Status, 200, 299);
    }

    [Fact]
    public async Task Setting_a_temporary_password_keeps_no_transaction_open_while_another_module_works()
    {
        var group = await own.NewGroupAsync();
        var added = await Add(group, Group.Member(People.NewEmail(), "reception", People.NewPassword()));
        var path = $"{group.Path}/members/{added.Should(201)["userId"].GetGuid()}/temporary-password";
        await own.App.SettlesAsync();

        await using var held = await own.HoldAsync("lock table users.accounts in access exclusive mode");
        var password = People.NewPassword();
        var setting = group.Owner.Api.Post(path, new { password, confirmPassword = password });
        await own.WaitAsync("practice_users", 1);
        Assert.Equal(
            0L,
            await own.App.Owner.Scalar<long>(
                """
                select count(*) from pg_stat_activity
                where datname = current_database() and usename = $1 and state = 'idle in transaction'
                """,
                WaitsInGroups
            )
        );
        await held.ReleaseAsync();

        (await setting).Should(204);
    }

    [Fact]
    public async Task Who_loses_the_right_while_a_temporary_password_is_hashed_sets_none()
    {
        var group = await own.NewGroupAsync();
        var (manager, email, password) = (
            await group.AddsNewPerson("manager"),
            People.NewEmail(),
            People.NewPassword()
        );
        var id = (await Add(group, Group.Member(email, "reception", password))).Should(201)["userId"].GetGuid();
        await own.App.SettlesAsync();

        await using var held = await own.HoldAsync("lock table users.accounts in access exclusive mode");
        var stopped = Reissues(manager, People.NewPassword());
        await own.WaitAsync("practice_users", 1);
        (await group.Owner.Api.Post($"{group.Path}/members/{manager.Id}/deactivate")).Should(204);
        await held.ReleaseAsync();

        (await stopped).Should(403, "auth.not_allowed");
        await own.App.SignIn(email, password);

        Task<Answer> Reissues(Person by, string other) =>
            by.Api.Post(
                $"{group.Path}/members/{id}/temporary-password",
                new { password = other, confirmPassword = other }
            );
    }

    [Fact]
    public async Task While_a_temporary_password_is_being_set_nobody_else_gives_more_access()
    {
        var group = await own.NewGroupAsync();
        var (manager, password) = (await group.AddsNewPerson("manager"), People.NewPassword());
        var id = (await Add(group, Group.Member(People.NewEmail(), "reception", password)))
            .Should(201)["userId"]
            .GetGuid();
        await own.App.SettlesAsync();

        await using var held = await own.HoldAsync("select from users.accounts where id = $1 for update", id);
        var stopped = manager.Api.Post(
            $"{group.Path}/members/{id}/temporary-password",
            new { password = "three words of a manager", confirmPassword = "three words of a manager" }
        );
        await own.WaitAsync("practice_users", 1);
        (await group.Owner.Api.Change($"{group.Path}/members/{id}/access", new { accessLevel = "full" })).Should(
            409,
            "groups.account_not_confirmed"
        );
        await held.ReleaseAsync();

        (await stopped).Should(204);
    }

    private static async Task<Func<Task<Answer>>> Prepare(string name, Group group)
    {
        Guid[] locationIds = [group.LocationId];
        switch (name)
        {
            case "add a user":
                return () =>
                    Add(
                        group,
                        Group.Member(People.NewEmail(), "reception", People.NewPassword(), locations: locationIds)
                    );
            case "accept an invitation":
            case "change an invitation":
                var person = await group.Host.SignUpAndConfirm();
                var id = (await Add(group, Group.Member(person.Email, "reception", locations: locationIds)))
                    .Should(201)["invitationId"]
                    .GetGuid();
                var offer = new
                {
                    roleType = "administrator",
                    profession = "receptionist",
                    accessLevel = "billing",
                    locationIds,
                };
                return name == "accept an invitation"
                    ? () => person.Api.Post($"/api/invitations/{id}/accept")
                    : () => group.Owner.Api.Put($"{group.Path}/invitations/{id}", offer, "*");
            case "assign locations":
                var member = await group.AddsNewPerson();
                return () =>
                    group.Owner.Api.Put($"{group.Path}/members/{member.Id}/locations", new { locationIds }, "*");
            case "assign members":
                var other = await group.AddsNewPerson();
                return () =>
                    group.Owner.Api.Put(
                        $"{group.Path}/locations/{group.LocationId}/members",
                        new { userIds = new[] { other.Id } },
                        "*"
                    );
            case "reactivate a member":
                var gone = await group.AddsNewPerson(locations: locationIds);
                (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);
                return () => group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/reactivate");
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, null);
        }
    }

    private static Task<Answer> Add(Group group, object member) =>
        group.Owner.Api.Post($"{group.Path}/members", member);

    private static async Task<Guid> NewLocation(Group group, string name) =>
        (await group.Owner.Api.Post($"{group.Path}/locations", new { name, timeZone = "Europe/Paris" })).Should(201).Id;

    private static ByteArrayContent FileWith(params string[] emails) =>
        new(
            Encoding.UTF8.GetBytes(
                "firstName,lastName,roleType,profession,email,accessLevel\n"
                    + string.Concat(emails.Select(email => $"Ada,Moss,administrator,receptionist,{email},reception\n"))
            )
        )
        {
            Headers = { ContentType = new MediaTypeHeaderValue("text/csv") },
        };

    /// <summary>
    /// A host on a database of its own: only the call that the test has stopped waits for a lock there.
    /// </summary>
    public sealed class OwnApp : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async Task InitializeAsync() => App = await TestApp.StartAsync();

        public async Task DisposeAsync() => await App.DisposeAsync();

        internal async Task<Group> NewGroupAsync()
        {
            var group = await (await App.SignUpAndConfirm()).CreatesGroup();
            await App.SettlesAsync(); // so that no event handler is among those that wait
            return group;
        }

        internal Task<long> ReservationsOfAsync(Group group) =>
            App.Owner.Scalar<long>("select count(*) from groups.reservations where group_id = $1", group.Id);

        internal Task<HeldLock> LockGroupAsync(Group group) =>
            HoldAsync("select from groups.groups where id = $1 for update", group.Id);

        internal Task<HeldLock> HoldAsync(string sql, params object[] parameters) =>
            HeldLock.TakeAsync(App.ConnectionString, sql, parameters);

        /// <summary>Waits until so many calls wait for a lock in the module with this database role.</summary>
        internal Task WaitAsync(string role, int calls) =>
            Eventually.Is(async () =>
                await App.Owner.Scalar<long>(
                    """
                    select count(*) from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock' and usename = $1
                    """,
                    role
                ) >= calls
            );
    }
}
