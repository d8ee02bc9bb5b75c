using System.Text.Json;

namespace Practice.Groups.Tests;

/// <summary>The product's main job, from the first sign-up to the last deactivation, as users experience it.</summary>
public sealed class TheMainJobTests
{
    [Fact]
    public async Task An_owner_adds_a_new_practitioner_who_changes_the_password_and_sees_what_the_level_allows()
    {
        var app = await TestApp.StartedAsync();
        var owner = await app.SignUpAndConfirm();
        var group = await owner.CreatesGroup(
            "Harbour Street Clinic",
            roleType: "practitioner",
            profession: "physiotherapist"
        );
        var mine = (await owner.Api.Get("/api/groups")).Should(200).Items.Single();
        Assert.Equal("Harbour Street Clinic", mine.GetProperty("name").GetString());
        Assert.True(mine.GetProperty("owner").GetBoolean());

        var email = People.NewEmail();
        const string temporary = "temporary horse battery";
        var added = (
            await owner.Api.Post(
                $"{group.Path}/members",
                new
                {
                    title = "Dr",
                    firstName = "Ada",
                    lastName = "Moss",
                    roleType = "practitioner",
                    profession = "podiatrist",
                    registrationNumber = "POD0001",
                    email,
                    confirmEmail = $" {email.ToUpperInvariant()} ",
                    password = temporary,
                    confirmPassword = temporary,
                    accessLevel = "contact",
                    settings = new { manageLocations = true, othersInvoices = false },
                    locationIds = new[] { group.LocationId },
                }
            )
        ).Should(201);
        Assert.Equal("added", added["outcome"].GetString());
        var userId = added["userId"].GetGuid();

        var welcome = await app.Mail.WaitFor(email);
        Assert.DoesNotContain(temporary, welcome.Text, StringComparison.Ordinal);
        Assert.Contains("Harbour Street Clinic", welcome.Text, StringComparison.Ordinal);

        var signedIn = (await app.Api.Post("/api/users/sign-in", new { email, password = temporary })).Should(200);
        Assert.True(signedIn["mustChangePassword"].GetBoolean());
        var ada = app.Api.WithToken(signedIn["accessToken"].GetString());
        (await ada.Get($"{group.Path}/members")).Should(403, "users.password_change_required");
        (await ada.Get("/api/groups")).Should(403, "users.password_change_required");
        (await ada.Get("/api/users/me")).Should(200);
        (
            await ada.Put(
                "/api/users/me/password",
                new { currentPassword = temporary, newPassword = "a password of my very own" }
            )
        ).Should(204);

        var members = (await ada.Get($"{group.Path}/members")).Should(200).Items;
        Assert.Equal(2, members.Count);
        var effective = (await ada.Get($"{group.Path}/members/{userId}/effective-access")).Should(200);
        Assert.Equal("contact", effective["accessLevel"].GetString());
        Assert.Equal(["manageLocations", "othersCalendars", "othersPatients"], On(effective["settings"]));
        Assert.Equal(group.LocationId, effective["locationIds"][0].GetGuid());
        (await ada.Post($"{group.Path}/locations", new { name = "Second", timeZone = "Europe/Paris" })).Should(201);
        (await ada.Get($"{group.Path}/invitations")).Should(403, "auth.not_allowed");
        (
            await ada.Post(
                $"{group.Path}/members",
                Group.Member(People.NewEmail(), "reception", "a good long password")
            )
        ).Should(403, "auth.not_allowed");
    }

    [Fact]
    public async Task An_owner_adds_a_new_administrator()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var reception = await group.AddsNewPerson("reception");

        var member = await group.MemberOf(reception);
        Assert.Equal("administrator", member["roleType"].GetString());
        Assert.Equal("reception", member["accessLevel"].GetString());
        Assert.Equal("active", member["status"].GetString());
        Assert.False(member["registrationPending"].GetBoolean());
        (await reception.Api.Get($"{group.Path}/members")).Should(200);
    }

    [Fact]
    public async Task An_existing_person_is_invited_accepts_in_place_and_switches_between_groups()
    {
        var app = await TestApp.StartedAsync();
        var first = await (await app.SignUpAndConfirm()).CreatesGroup("First practice");
        var second = await (await app.SignUpAndConfirm()).CreatesGroup("Second practice");
        var person = await app.SignUpAndConfirm();

        foreach (var group in new[] { first, second })
        {
            var invited = (
                await group.Owner.Api.Post(
                    $"{group.Path}/members",
                    Group.Member(person.Email.ToUpperInvariant(), "billing")
                )
            ).Should(201);
            Assert.Equal("invited", invited["outcome"].GetString());
            (await person.Api.Get($"{group.Path}/members")).Should(404);

            var notification = await Eventually.Get(async () =>
                (object?)
                    (await person.Api.Get("/api/users/me/notifications"))
                        .Should(200)
                        .Items.Cast<JsonElement?>()
                        .FirstOrDefault(item =>
                            item!.Value.GetProperty("kind").GetString() == "invitation"
                            && item.Value.GetProperty("data").GetProperty("invitationId").GetGuid()
                                == invited["invitationId"].GetGuid()
                        )
            );
            Assert.NotNull(notification);
            await app.Mail.WaitFor(person.Email, mail => mail.Text.Contains(group.Name, StringComparison.Ordinal));
            (await person.Api.Post($"/api/invitations/{invited["invitationId"].GetGuid()}/accept")).Should(204);
            (await person.Api.Get($"{group.Path}/members")).Should(200);
        }

        (await person.Api.Put("/api/users/me/current-group", new { groupId = second.Id })).Should(204);
        var groups = (await person.Api.Get("/api/groups")).Should(200).Items;
        Assert.Equal(
            ["First practice", "Second practice"],
            groups.Select(group => group.GetProperty("name").GetString())
        );
        Assert.Equal([false, true], groups.Select(group => group.GetProperty("current").GetBoolean()));
        (await person.Api.Put("/api/users/me/current-group", new { groupId = first.Id })).Should(204);
        groups = (await person.Api.Get("/api/groups")).Should(200).Items;
        Assert.Equal([true, false], groups.Select(group => group.GetProperty("current").GetBoolean()));
    }

    [Fact]
    public async Task Deactivation_ends_access_from_the_next_request_and_reactivation_restores_it()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        var elsewhere = await (await app.SignUpAndConfirm()).CreatesGroup();
        var person = await app.SignUpAndConfirm();
        await group.Welcomes(
            person,
            "manager",
            settings: new() { ["exportData"] = false },
            locations: group.LocationId
        );
        await elsewhere.Welcomes(person);
        var before = (await group.Owner.Api.Get($"{group.Path}/members/{person.Id}/effective-access")).Should(200).Text;

        (
            await group.Owner.Api.Post(
                $"{group.Path}/members/{person.Id}/deactivate",
                new { reason = "Left the practice" }
            )
        ).Should(204);
        (await person.Api.Get($"{group.Path}/members")).Should(404);
        (await person.Api.Get($"{elsewhere.Path}/members")).Should(200);
        Assert.Equal(
            [elsewhere.Id],
            (await person.Api.Get("/api/groups")).Items.Select(item => item.GetProperty("id").GetGuid())
        );
        (await person.Api.Put("/api/users/me/current-group", new { groupId = group.Id })).Should(404);
        var member = await group.MemberOf(person);
        Assert.Equal("deactivated", member["status"].GetString());
        Assert.NotNull(member["deactivatedAt"].GetString());

        (await group.Owner.Api.Post($"{group.Path}/members/{person.Id}/reactivate")).Should(204);
        (await person.Api.Get($"{group.Path}/members")).Should(200);
        Assert.Equal(
            before,
            (await group.Owner.Api.Get($"{group.Path}/members/{person.Id}/effective-access")).Should(200).Text
        );
    }

    [Fact]
    public async Task A_member_is_never_deleted()
    {
        var app = await TestApp.StartedAsync();
        var group = await (await app.SignUpAndConfirm()).CreatesGroup();
        (await group.Owner.Api.Delete($"{group.Path}/members/{group.Owner.Id}")).Should(
            405,
            "request.method_not_allowed"
        );
    }

    private static string[] On(JsonElement settings) =>
        [
            .. settings
                .EnumerateObject()
                .Where(setting => setting.Value.GetBoolean())
                .Select(setting => setting.Name)
                .Order(StringComparer.Ordinal),
        ];
}
