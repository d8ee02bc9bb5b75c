using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnMemberAccessChangedHandler
{
    public static async Task Handle(
        MemberAccessChanged happened,
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
                NotificationKind.AccessChanged,
                $"Your access in {happened.GroupName} has changed",
                "What you may see and do there follows your new access level, from now on.",
                new NotificationData { GroupId = happened.GroupId },
                clock.GetUtcNow()
            )
        );
    }
}
