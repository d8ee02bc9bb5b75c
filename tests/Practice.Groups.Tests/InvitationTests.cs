namespace Practice.Groups.Tests;

public sealed class InvitationTests
{
    [Fact]
    public async Task Rejecting_is_recorded_and_adds_no_member()
    {
        var (group, person, id) = await Invited();
        (await person.Api.Post($"/api/invitations/{id}/reject")).Should(204);
        Assert.Equal("rejected", await StatusOf(group, id));
        (await person.Api.Get($"{group.Path}/members")).Should(404);
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(409, "groups.invitation_not_pending");
    }

    [Theory]
    [InlineData("accept", "accepted")]
    [InlineData("reject", "rejected")]
    public async Task An_answer_reaches_those_who_manage_the_invitation(string answer, string status)
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var elsewhere = (
            await group.Owner.Api.Post(
                $"{group.Path}/locations",
                new { name = "Elsewhere", timeZone = "Australia/Melbourne" }
            )
        )
            .Should(201)
            .Id;
        var restricted = new Dictionary<string, bool> { ["restrictToAssignedLocations"] = true };
        var gone = await group.AddsNewPerson("manager");
        var people = new Dictionary<string, Person>
        {
            ["owner"] = group.Owner,
            ["manager"] = await group.AddsNewPerson("manager"),
            ["here"] = await group.AddsNewPerson("manager", settings: restricted, locations: group.LocationId),
            ["there"] = await group.AddsNewPerson("manager", settings: restricted, locations: elsewhere),
            ["reads only"] = await group.AddsNewPerson("manager", settings: new() { ["readOnly"] = true }),
            ["reception"] = await group.AddsNewPerson(),
            ["gone"] = gone,
            ["other practice"] = await app.SignUpAndConfirm(),
        };
        await people["other practice"].CreatesGroup();
        (await group.Owner.Api.Post($"{group.Path}/members/{gone.Id}/deactivate")).Should(204);
        var person = people["invited"] = await app.SignUpAndConfirm();
        var id = (
            await group.Owner.Api.Post(
                $"{group.Path}/members",
                Group.Member(person.Email, "manager", locations: [group.LocationId])
            )
        )
            .Should(201)["invitationId"]
            .GetGuid();

        (await person.Api.Post($"/api/invitations/{id}/{answer}")).Should(204);

        await Eventually.Is(async () => (await AnswersOf(group.Owner)).Count > 0);
        var told = new List<string>();
        foreach (var (name, member) in people)
            if ((await AnswersOf(member)).Count > 0)
                told.Add(name);
        Assert.Equal(["owner", "manager", "here"], told);
        var shown = Assert.Single(await AnswersOf(group.Owner));
        Assert.Equal($"{person.Email} {status} the invitation to {group.Name}", shown.GetProperty("title").GetString());
        Assert.Equal(status, shown.GetProperty("data").GetProperty("status").GetString());

        static async Task<List<System.Text.Json.JsonElement>> AnswersOf(Person person) =>
            [
                .. (await person.Api.GetAll("/api/users/me/notifications")).Where(item =>
                    item.GetProperty("kind").GetString() == "invitationAnswered"
                ),
            ];
    }

    [Fact]
    public async Task Only_the_invited_person_answers()
    {
        var (group, person, id) = await Invited();
        var other = await group.Host.SignUpAndConfirm();
        foreach (var caller in new[] { other, group.Owner })
        {
            (await caller.Api.Post($"/api/invitations/{id}/accept")).Should(404);
            (await caller.Api.Post($"/api/invitations/{id}/reject")).Should(404);
        }

        (await group.Host.Api.Post($"/api/invitations/{id}/accept")).Should(401);
        Assert.Equal("pending", await StatusOf(group, id));
        Assert.Single((await person.Api.Get("/api/invitations")).Items);
        Assert.Empty((await other.Api.Get("/api/invitations")).Items);
    }

    [Fact]
    public async Task An_invitation_is_answered_once()
    {
        var (_, person, id) = await Invited();
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(204);
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(409, "groups.invitation_not_pending");
        (await person.Api.Post($"/api/invitations/{id}/reject")).Should(409, "groups.invitation_not_pending");
    }

    [Fact]
    public async Task An_invitation_expires_by_itself_and_resending_renews_it()
    {
        await using var app = await TestApp.StartAsync();
        var (group, person, id) = await Invited(app);
        app.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        person = await person.SignsInAgain();
        group = group with { Owner = await group.Owner.SignsInAgain() };
        Assert.Equal("expired", await StatusOf(group, id));
        Assert.Empty((await person.Api.Get("/api/invitations")).Items);
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(410, "groups.invitation_expired");

        (await group.Owner.Api.Post($"{group.Path}/invitations/{id}/resend")).Should(204);
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(204);
    }

    [Fact]
    public async Task An_invitation_is_not_sent_again_within_minutes()
    {
        await using var app = await TestApp.StartAsync();
        var (group, _, id) = await Invited(app);
        (await group.Owner.Api.Post($"{group.Path}/invitations/{id}/resend")).Should(429, "groups.resent_just_now");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        (await group.Owner.Api.Post($"{group.Path}/invitations/{id}/resend")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/invitations/{id}/resend")).Should(429, "groups.resent_just_now");
    }

    [Fact]
    public async Task A_person_whose_invitation_expired_can_be_invited_again()
    {
        await using var app = await TestApp.StartAsync();
        var (group, person, id) = await Invited(app);
        app.Clock.Advance(TimeSpan.FromDays(8));
        group = group with { Owner = await group.Owner.SignsInAgain() };
        var again = (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "billing"))).Should(
            201
        );
        Assert.NotEqual(id, again["invitationId"].GetGuid());
        Assert.Equal(
            ["pending", "expired"],
            (await group.Owner.Api.Get($"{group.Path}/invitations")).Items.Select(item =>
                item.GetProperty("status").GetString()
            )
        );
    }

    [Fact]
    public async Task A_withdrawn_invitation_cannot_be_answered()
    {
        var (group, person, id) = await Invited();
        (await group.Owner.Api.Post($"{group.Path}/invitations/{id}/withdraw")).Should(204);
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(409, "groups.invitation_not_pending");
        (await group.Owner.Api.Post($"{group.Path}/invitations/{id}/resend")).Should(
            409,
            "groups.invitation_not_pending"
        );
        (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception"))).Should(201);
    }

    [Fact]
    public async Task An_invitation_is_withdrawn_when_its_inviter_loses_the_right_to_make_it()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var manager = await group.AddsNewPerson("manager");
        var person = await app.SignUpAndConfirm();
        var id = (await manager.Api.Post($"{group.Path}/members", Group.Member(person.Email, "billing")))
            .Should(201)["invitationId"]
            .GetGuid();

        (
            await group.Owner.Api.Change($"{group.Path}/members/{manager.Id}/access", new { accessLevel = "reception" })
        ).Should(204);
        Assert.Equal("withdrawn", await StatusOf(group, id));
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(409, "groups.invitation_not_pending");
        var audit = $"{group.Path}/audit?act=groups.invitation_withdrawn&subjectId={person.Id}";
        Assert.Equal(
            id,
            Assert.Single((await group.Owner.Api.Get(audit)).Items).GetProperty("details").GetProperty("id").GetGuid()
        );
    }

    [Fact]
    public async Task An_invitation_can_be_resent_when_invitations_expire_sooner_than_before()
    {
        var database = await TestServer.NewDatabaseAsync();
        Group group;
        Guid id;
        await using (var before = await TestApp.StartAsync(ExpiringAfter("14.00:00:00")))
            (group, _, id) = await Invited(before);

        await using var app = await TestApp.StartAsync(ExpiringAfter("1.00:00:00"));
        var owner = await app.SignIn(group.Owner.Email, group.Owner.Password);
        var resend = $"{group.Path}/invitations/{id}/resend";
        (await owner.Post(resend)).Should(429, "groups.resent_just_now");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        (await owner.Post(resend)).Should(204);

        TestAppOptions ExpiringAfter(string time) =>
            new()
            {
                ConnectionString = database,
                Settings = new Dictionary<string, string?> { ["Invitations:ExpireAfter"] = time },
            };
    }

    [Fact]
    public async Task The_offered_role_type_and_level_can_change_while_an_invitation_is_pending()
    {
        var (group, person, id) = await Invited();
        var path = $"{group.Path}/invitations/{id}";
        var read = (await group.Owner.Api.Get(path)).Should(200);
        Assert.Equal(
            ("administrator", "reception", "pending"),
            (read["roleType"].GetString(), read["accessLevel"].GetString(), read["status"].GetString())
        );

        var offer = new
        {
            roleType = "practitioner",
            profession = "nurse",
            registrationNumber = "N1",
            accessLevel = "contact",
            settings = new { exportData = true },
            locationIds = new[] { group.LocationId },
        };
        (await group.Owner.Api.Put(path, offer)).Should(428, "request.version_required");
        (await group.Owner.Api.Put(path, offer, read.ETag)).Should(204);
        (await group.Owner.Api.Put(path, offer, read.ETag)).Should(412, "request.version_changed");
        Assert.Equal(
            "practitioner",
            (await person.Api.Get("/api/invitations")).Items.Single().GetProperty("roleType").GetString()
        );

        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(204);
        var member = await group.MemberOf(person);
        Assert.Equal(
            ("practitioner", "nurse", "N1", "contact"),
            (
                member["roleType"].GetString(),
                member["profession"].GetString(),
                member["registrationNumber"].GetString(),
                member["accessLevel"].GetString()
            )
        );
        Assert.Equal([group.LocationId], member["locationIds"].EnumerateArray().Select(location => location.GetGuid()));
        (await group.Owner.Api.Put(path, offer, "*")).Should(409, "groups.invitation_not_pending");
    }

    [Fact]
    public async Task An_invitation_is_not_changed_beyond_what_could_be_offered()
    {
        var (group, _, id) = await Invited();
        var manager = await group.AddsNewPerson("manager");
        var path = $"{group.Path}/invitations/{id}";
        (await manager.Api.Put(path, Offer("full"), "*")).Should(403, "groups.beyond_own_access");
        (await group.Owner.Api.Put(path, Offer("clinical"), "*")).Should(400, "groups.level_not_for_role_type");
        (await group.Owner.Api.Put(path, Offer("billing", Guid.CreateVersion7()), "*")).Should(
            422,
            "locations.unknown_location"
        );
        (await group.Owner.Api.Put(path, new { }, "*")).ShouldReject(
            "roleType",
            "profession",
            "accessLevel",
            "locationIds"
        );
        (await group.Owner.Api.Put($"{group.Path}/invitations/{Guid.CreateVersion7()}", Offer("billing"), "*")).Should(
            404
        );
        Assert.Equal("reception", (await group.Owner.Api.Get(path))["accessLevel"].GetString());

        (await group.Owner.Api.Put(path, Offer("full"), "*")).Should(204);
        // The current offer is already beyond them.
        (await manager.Api.Put(path, Offer("billing"), "*")).Should(403, "groups.beyond_own_access");
    }

    [Fact]
    public async Task An_invitation_keeps_an_archived_location_while_the_rest_of_the_offer_changes()
    {
        var (group, _, id) = await Invited();
        var path = $"{group.Path}/invitations/{id}";
        var second = (
            await group.Owner.Api.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Paris" })
        )
            .Should(201)
            .Id;
        (await group.Owner.Api.Put(path, Offer("billing", second), "*")).Should(204);
        (await group.Owner.Api.Post($"{group.Path}/locations/{second}/archive")).Should(204);
        (await group.Owner.Api.Put(path, Offer("reception", second, group.LocationId), "*")).Should(204);
        (await group.Owner.Api.Put(path, Offer("reception", group.LocationId), "*")).Should(204);
        (await group.Owner.Api.Put(path, Offer("reception", second), "*")).Should(422, "locations.archived");
    }

    [Fact]
    public async Task An_expired_invitation_is_resent_before_it_can_be_changed()
    {
        await using var app = await TestApp.StartAsync();
        var (group, _, id) = await Invited(app);
        app.Clock.Advance(TimeSpan.FromDays(8));
        var owner = await group.Owner.SignsInAgain();
        (await owner.Api.Put($"{group.Path}/invitations/{id}", Offer("billing"), "*")).Should(
            410,
            "groups.invitation_expired"
        );
        (await owner.Api.Post($"{group.Path}/invitations/{id}/resend")).Should(204);
        (await owner.Api.Put($"{group.Path}/invitations/{id}", Offer("billing"), "*")).Should(204);
    }

    [Fact]
    public async Task The_last_person_to_change_or_resend_an_invitation_is_its_inviter()
    {
        await using var app = await TestApp.StartAsync();
        var (group, person, id) = await Invited(app);
        var manager = await group.AddsNewPerson("manager");
        var second = await group.AddsNewPerson("manager");
        (await manager.Api.Put($"{group.Path}/invitations/{id}", Offer("billing"), "*")).Should(204);
        Assert.Contains(
            manager.LastName,
            (await person.Api.Get("/api/invitations")).Items.Single().GetProperty("invitedBy").GetString(),
            StringComparison.Ordinal
        );

        app.Clock.Advance(TimeSpan.FromMinutes(6));
        (await second.Api.Post($"{group.Path}/invitations/{id}/resend")).Should(204);
        (
            await group.Owner.Api.Change($"{group.Path}/members/{manager.Id}/access", new { accessLevel = "reception" })
        ).Should(204);
        Assert.Equal("pending", await StatusOf(group, id));
        (
            await group.Owner.Api.Change($"{group.Path}/members/{second.Id}/access", new { accessLevel = "reception" })
        ).Should(204);
        Assert.Equal("withdrawn", await StatusOf(group, id));
    }

    [Fact]
    public async Task An_invitation_follows_its_person_to_another_address()
    {
        var (group, person, id) = await Invited();
        var former = person.Email;
        person = await ChangesEmail(person);
        (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "billing"))).Should(
            409,
            "groups.already_invited"
        );

        // The address is another person's by now, who is invited for themselves.
        var next = await ChangesEmail(await group.Host.SignUpAndConfirm(), former);
        var other = (await group.Owner.Api.Post($"{group.Path}/members", Group.Member(former, "billing"))).Should(201);
        (await next.Api.Post($"/api/invitations/{id}/accept")).Should(404);
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(204);
        (await next.Api.Post($"/api/invitations/{other["invitationId"].GetGuid()}/accept")).Should(204);
        Assert.Equal(person.Email, (await group.MemberOf(person))["email"].GetString());
    }

    [Fact]
    public async Task Invitations_of_a_group_are_filtered_by_status()
    {
        var (group, person, id) = await Invited();
        Assert.Equal(
            [id],
            (await group.Owner.Api.Get($"{group.Path}/invitations?status=pending"))
                .Should(200)
                .Items.Select(item => item.GetProperty("id").GetGuid())
        );
        (await person.Api.Post($"/api/invitations/{id}/accept")).Should(204);
        Assert.Empty((await group.Owner.Api.Get($"{group.Path}/invitations?status=pending")).Items);
        Assert.Single((await group.Owner.Api.Get($"{group.Path}/invitations?status=accepted")).Items);
    }

    private static async Task<Person> ChangesEmail(Person person, string? to = null)
    {
        var email = to ?? People.NewEmail();
        (await person.Api.Post("/api/users/me/email", new { newEmail = email, password = person.Password })).Should(
            202
        );
        var mail = await person.Host.Mail.WaitFor(email, "new email");
        (await person.Api.Post("/api/users/me/email/confirm", new { token = mail.Token })).Should(204);
        return person with { Email = email };
    }

    private static object Offer(string accessLevel, params Guid[] locationIds) =>
        new
        {
            roleType = "administrator",
            profession = "receptionist",
            accessLevel,
            locationIds,
        };

    private static async Task<string?> StatusOf(Group group, Guid id) =>
        (await group.Owner.Api.Get($"{group.Path}/invitations"))
            .Should(200)
            .Items.Single(item => item.GetProperty("id").GetGuid() == id)
            .GetProperty("status")
            .GetString();

    private static async Task<(Group, Person, Guid)> Invited(TestApp? app = null)
    {
        app ??= await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var person = await app.SignUpAndConfirm();
        var invited = (
            await group.Owner.Api.Post($"{group.Path}/members", Group.Member(person.Email, "reception"))
        ).Should(201);
        return (group, person, invited["invitationId"].GetGuid());
    }
}
