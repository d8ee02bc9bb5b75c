using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class WelcomeOnMemberJoinedHandler
{
    public static async Task Handle(
        MemberJoined happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var source = envelope.Id.ToString();
        if (await db.FindUntoldAsync(happened.UserId, source, ct) is not { } account)
            return;

        db.Notifications.Add(
            Notification.Of(
                account.Id,
                source,
                NotificationKind.Joined,
                $"Welcome to {happened.GroupName}",
                "You are a member now.",
                new NotificationData { GroupId = happened.GroupId },
                clock.GetUtcNow()
            )
        );

        // A person whose account was just made follows its link first; it never carries the password.
        var letter = happened.AccountIsNew ? Letter.WelcomeNewPerson : Letter.WelcomeMember;
        await messages.PublishAsync(DeliverMail.New(letter, account.Email, account.Id, happened.GroupName));
    }
}
