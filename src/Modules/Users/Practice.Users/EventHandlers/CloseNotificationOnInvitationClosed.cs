using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>
/// Marks the notification of an invitation that can no longer be answered as read, and shows how it ended.
/// </summary>
public static class CloseNotificationOnInvitationClosedHandler
{
    public static async Task Handle(
        InvitationClosed happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(happened.UserId, ct) is not { } account)
            return;

        var (now, status) = (clock.GetUtcNow(), InvitationStatuses.Of(happened.Status));
        var notification = await db.FindInvitationAsync(account.Id, happened.InvitationId, ct);
        if (notification is null)
        {
            var content = NotificationContent.ClosedInvitation(happened.GroupId, happened.InvitationId, status);
            var source = Notification.SourceOf(happened.InvitationId);
            notification = Notification.Of(account.Id, source, content, now);
            db.Notifications.Add(notification);
        }

        notification.CloseInvitation(status, now);
    }
}
