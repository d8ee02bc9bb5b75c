using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnMemberReactivatedHandler
{
    public static async Task Handle(
        MemberReactivated happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
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
                NotificationKind.Reactivation,
                $"Your access to {happened.GroupName} is back",
                "You have the access level, settings and locations that you had.",
                new NotificationData { GroupId = happened.GroupId },
                clock.GetUtcNow()
            )
        );
    }
}
