using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class TellOnMemberDeactivatedHandler
{
    public static async Task Handle(
        MemberDeactivated happened,
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
                NotificationKind.Deactivation,
                $"Your access to {happened.GroupName} has ended",
                "Your account stays, and so does what you can do elsewhere.",
                new NotificationData { GroupId = happened.GroupId },
                clock.GetUtcNow()
            )
        );
        await messages.PublishAsync(DeliverMail.New(Letter.Deactivated, account.Email, account.Id, happened.GroupName));
    }
}
