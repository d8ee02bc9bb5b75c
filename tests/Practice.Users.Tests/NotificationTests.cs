using System.Text.Json;
using Practice.Contracts.Groups;

namespace Practice.Users.Tests;

public sealed class NotificationTests
{
    private const string Path = "/api/users/me/notifications";

    [Fact]
    public async Task A_practice_that_ends_and_gives_access_all_day_sends_three_emails_an_hour_about_it()
    {
        var app = await TestApp.StartedAsync();
        var (person, group) = (await app.SignUpAndConfirm(), Guid.CreateVersion7());
        for (var round = 1; round <= 5; round++)
            await app.Publishes(new MemberDeactivated(group, "Harbour Clinic", person.Id));
        await Eventually.Is(async () =>
            await app.Count("notifications", "account_id = $1", person.Id) == 5 && Mails() == 3
        );
        await app.Publishes(new MemberDeactivated(Guid.CreateVersion7(), "River Clinic", person.Id));
        await app.Mail.WaitFor(person.Email, "River Clinic");
        Assert.Equal(3, Mails());

        int Mails() =>
            app.Mail.To(person.Email).Count(mail => mail.Subject.Contains("Harbour", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_invitation_is_shown_and_emailed_with_the_practice_and_the_inviter()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var invited = Invited(person);
        await app.Publishes(invited);

        var shown = await TheOnly(person, "invitation");

        Assert.Equal("Ida Moss invites you to Harbour Clinic", shown.GetProperty("title").GetString());
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("readAt").ValueKind);
        var data = shown.GetProperty("data");
        Assert.Equal(invited.InvitationId, data.GetProperty("invitationId").GetGuid());
        Assert.Equal(invited.GroupId, data.GetProperty("groupId").GetGuid());
        Assert.Equal("pending", data.GetProperty("status").GetString());
        var mail = await app.Mail.WaitFor(person.Email, "Ida Moss invites you to Harbour Clinic");
        Assert.Contains("https://practice.test/notifications", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_invitation_handled_twice_is_one_notification_and_one_email()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var invited = Invited(person);
        await app.Publishes(invited);
        await app.Publishes(invited);
        await app.Publishes(new MemberAccessChanged(invited.GroupId, invited.GroupName, person.Id));

        await Eventually.Is(async () => await Handled(app, invited.InvitationId) == 1);
        await TheOnly(person, "accessChanged");
        await TheOnly(person, "invitation");
        await app.Mail.WaitFor(person.Email, "invites you");
        Assert.Single(app.Mail.To(person.Email), mail =>
            mail.Subject.Contains("invites you", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_invitation_sent_again_is_unread_again_and_emailed_again()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var invited = Invited(person);
        await app.Publishes(invited);
        var shown = await TheOnly(person, "invitation");
        (await person.Api.Post($"{Path}/{shown.GetProperty("id")}/read")).Should(204);

        await app.Publishes(invited with { ExpiresAt = invited.ExpiresAt.AddDays(7) });

        await Eventually.Is(async () => await Unread(person) == 1);
        await Eventually.Is(() =>
            Task.FromResult(
                app.Mail.To(person.Email).Count(mail => mail.Subject.Contains("invites you", StringComparison.Ordinal))
                    == 2
            )
        );
    }

    [Theory]
    [InlineData(InvitationOutcome.Accepted, "accepted")]
    [InlineData(InvitationOutcome.Rejected, "rejected")]
    [InlineData(InvitationOutcome.Withdrawn, "withdrawn")]
    public async Task A_closed_invitation_is_read_and_shows_how_it_ended(InvitationOutcome outcome, string status)
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var invited = Invited(person);
        await app.Publishes(invited);
        await TheOnly(person, "invitation");

        await app.Publishes(new InvitationClosed(invited.GroupId, invited.InvitationId, person.Id, outcome));

        await Eventually.Is(async () => await Unread(person) == 0);
        var closed = await TheOnly(person, "invitation");
        Assert.Equal(status, closed.GetProperty("data").GetProperty("status").GetString());
        Assert.NotEqual(JsonValueKind.Null, closed.GetProperty("readAt").ValueKind);
    }

    [Fact]
    public async Task A_person_who_left_is_not_told_that_the_practice_ended_their_access()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        await app.Publishes(new MemberDeactivated(Guid.CreateVersion7(), "Harbour Clinic", person.Id, Left: true));

        var mail = await app.Mail.WaitFor(person.Email, "You left Harbour Clinic");
        Assert.Contains("You no longer have access to Harbour Clinic.", mail.Text, StringComparison.Ordinal);
        Assert.Equal(
            "Your access to Harbour Clinic has ended",
            (await TheOnly(person, "deactivation")).GetProperty("title").GetString()
        );
    }

    [Fact]
    public async Task An_invitation_that_was_closed_before_it_was_shown_stays_closed()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var invited = Invited(person);
        await app.Publishes(
            new InvitationClosed(invited.GroupId, invited.InvitationId, person.Id, InvitationOutcome.Withdrawn)
        );
        await TheOnly(person, "invitation");

        await app.Publishes(invited);

        await Eventually.Is(async () =>
            (await TheOnly(person, "invitation"))
                .GetProperty("title")
                .GetString()!
                .Contains("Harbour Clinic", StringComparison.Ordinal)
        );
        Assert.Equal(0, await Unread(person));
        Assert.DoesNotContain(app.Mail.To(person.Email), mail =>
            mail.Subject.Contains("invites you", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_new_person_gets_one_welcome_email_with_a_link_and_no_password()
    {
        var app = await TestApp.StartedAsync();
        var added = await app.AddsPerson();

        await app.Publishes(new MemberJoined(Guid.CreateVersion7(), "Harbour Clinic", added.Id, AccountIsNew: true));

        var mail = await app.Mail.WaitFor(added.Email, "Welcome to Harbour Clinic");
        Assert.DoesNotContain(added.Password, mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://practice.test/confirm-email?choose&token=", mail.Text, StringComparison.Ordinal);
        (await app.Confirm(mail.Token, People.NewPassword())).Should(204);
    }

    [Fact]
    public async Task A_person_who_had_an_account_is_welcomed_without_a_link()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();

        await app.Publishes(new MemberJoined(Guid.CreateVersion7(), "Harbour Clinic", person.Id, AccountIsNew: false));

        Assert.Null((await app.Mail.WaitFor(person.Email, "Welcome to Harbour Clinic")).Token);
        await TheOnly(person, "joined");
    }

    [Fact]
    public async Task A_deactivated_member_is_notified_and_emailed_every_time()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        var group = Guid.CreateVersion7();

        await app.Publishes(new MemberDeactivated(group, "Harbour Clinic", person.Id));
        await app.Publishes(new MemberReactivated(group, "Harbour Clinic", person.Id));
        await app.Publishes(new MemberDeactivated(group, "Harbour Clinic", person.Id));

        await Eventually.Is(async () => await Unread(person) == 3);
        var kinds = (await person.Api.Get(Path))
            .Items.Select(item => item.GetProperty("kind").GetString()!)
            .Order(StringComparer.Ordinal);
        Assert.Equal(["deactivation", "deactivation", "reactivation"], kinds);
        await Eventually.Is(() =>
            Task.FromResult(
                app.Mail.To(person.Email).Count(mail => mail.Subject.Contains("has ended", StringComparison.Ordinal))
                    == 2
            )
        );
    }

    [Fact]
    public async Task Notifications_come_in_pages_newest_first_and_are_read_one_by_one()
    {
        var app = await TestApp.StartedAsync();
        var person = await app.SignUpAndConfirm();
        for (var number = 1; number <= 3; number++)
        {
            await app.Publishes(new MemberAccessChanged(Guid.CreateVersion7(), $"Clinic {number}", person.Id));
            await Eventually.Is(async () => await Unread(person) == number);
        }

        var all = await person.Api.GetAll($"{Path}?limit=2");
        Assert.Equal(
            ["Clinic 3", "Clinic 2", "Clinic 1"],
            all.Select(item => item.GetProperty("title").GetString()!["Your access in ".Length..^" has changed".Length])
        );

        var newest = all[0].GetProperty("id").GetGuid();
        (await person.Api.Post($"{Path}/{newest}/read")).Should(204);
        (await person.Api.Post($"{Path}/{newest}/read")).Should(204);
        Assert.Equal(2, await Unread(person));
        Assert.Equal(2, (await person.Api.Get($"{Path}?unread=true")).Items.Count);
        Assert.Equal(3, (await person.Api.Get($"{Path}?unread=false")).Items.Count);
        (await person.Api.Get($"{Path}?unread=perhaps")).ShouldReject("unread");
        (await person.Api.Get($"{Path}?after=nonsense")).ShouldReject("after");
        (await app.Api.Get($"{Path}?after=nonsense")).Should(401);
    }

    [Fact]
    public async Task All_of_ones_own_notifications_can_be_marked_as_read_repeatedly()
    {
        var app = await TestApp.StartedAsync();
        var (person, other) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        foreach (var told in (Person[])[person, person, other])
            await app.Publishes(new MemberAccessChanged(Guid.CreateVersion7(), "Harbour Clinic", told.Id));
        await Eventually.Is(async () => await Unread(person) == 2 && await Unread(other) == 1);

        (await person.Api.Post($"{Path}/read-all")).Should(204);
        var read = (await person.Api.Get(Path)).Text;
        (await person.Api.Post($"{Path}/read-all")).Should(204);

        Assert.Equal((0, 1), (await Unread(person), await Unread(other)));
        Assert.Equal(read, (await person.Api.Get(Path)).Text);
    }

    [Fact]
    public async Task Nobody_sees_or_marks_another_persons_notifications()
    {
        var app = await TestApp.StartedAsync();
        var (person, stranger) = (await app.SignUpAndConfirm(), await app.SignUpAndConfirm());
        await app.Publishes(new MemberAccessChanged(Guid.CreateVersion7(), "Harbour Clinic", person.Id));
        var id = (await TheOnly(person, "accessChanged")).GetProperty("id");

        Assert.Empty((await stranger.Api.Get(Path)).Items);
        (await stranger.Api.Post($"{Path}/{id}/read")).Should(404);
        Assert.Equal(1, await Unread(person));
    }

    private static UserInvited Invited(Person person) =>
        new(
            Guid.CreateVersion7(),
            "Harbour Clinic",
            Guid.CreateVersion7(),
            person.Id,
            "Ida Moss",
            DateTimeOffset.UtcNow.AddDays(7)
        );

    private static async Task<JsonElement> TheOnly(Person person, string kind)
    {
        var found = await Eventually.Get(async () =>
        {
            var items = (await person.Api.Get(Path))
                .Should(200)
                .Items.Where(item => item.GetProperty("kind").GetString() == kind)
                .ToList();
            return items.Count == 0 ? null : items;
        });
        return Assert.Single(found);
    }

    private static async Task<int> Unread(Person person) =>
        (await person.Api.Get($"{Path}/unread-count")).Should(200)["count"].GetInt32();

    private static Task<long> Handled(TestApp app, Guid invitation) =>
        app.Count("notifications", "source = $1", $"invitation:{invitation}");
}
