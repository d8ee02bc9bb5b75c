using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>An invitation that can no longer be answered is no news any more.</summary>
public static class CloseOnInvitationClosedHandler
{
    public static async Task Handle(
        InvitationClosed closed,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(closed.UserId, ct) is not { } account)
            return;

        var now = clock.GetUtcNow();
        var source = Notification.SourceOf(closed.InvitationId);
        var notification = await db.Notifications.SingleOrDefaultAsync(
            told => told.AccountId == account.Id && told.Source == source,
            ct
        );
        if (notification is null)
        {
            // Closed before it was shown: each event has a queue of its own, and this one was quicker. It gets its text later.
            notification = Notification.Of(
                account.Id,
                source,
                NotificationKind.Invitation,
                "Invitation",
                "",
                new NotificationData { GroupId = closed.GroupId, InvitationId = closed.InvitationId },
                now
            );
            db.Notifications.Add(notification);
        }

        notification.CloseInvitation(closed.Status, now);
    }
}
