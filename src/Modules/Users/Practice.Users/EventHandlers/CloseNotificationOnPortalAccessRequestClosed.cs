using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>The holder has decided, or the person has withdrawn what they asked for.</summary>
public static class CloseNotificationOnPortalAccessRequestClosedHandler
{
    public static async Task Handle(
        PortalAccessRequestClosed happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        // A request that found no account is withdrawn by the same steps as one that did.
        if (happened is not { HolderId: { } holder, AccountId: { } accountId })
            return;
        await db.CloseNotificationsAsync(
            [holder],
            Notification.SourceOfGrant(happened.GrantId),
            () => NotificationContent.ClosedAccessRequest(accountId, happened.GrantId),
            clock.GetUtcNow(),
            ct
        );
    }
}
