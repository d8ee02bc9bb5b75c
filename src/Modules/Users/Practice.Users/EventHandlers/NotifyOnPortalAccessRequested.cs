using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;

namespace Practice.Users.EventHandlers;

public static class NotifyOnPortalAccessRequestedHandler
{
    public static async Task<DeliverEmail?> Handle(
        PortalAccessRequested happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.PortalAccessRequested(
            happened.AccountId,
            happened.GrantId,
            happened.AccountName,
            happened.RequesterName,
            happened.RequesterEmail,
            happened.Role
        );
        var source = Notification.SourceOfGrant(happened.GrantId);
        var told = await db.NotifyOnceAsync([happened.HolderId], source, () => content, clock.GetUtcNow(), ct);
        return told is not [var account]
            ? null
            : DeliverEmail.New(
                EmailKind.PortalAccessRequested,
                account.Email,
                happened.GrantId,
                from: $"{happened.RequesterName} ({happened.RequesterEmail})",
                portal: new PortalEmailDetails(happened.AccountName, happened.Role),
                senderId: happened.SenderId
            );
    }
}
