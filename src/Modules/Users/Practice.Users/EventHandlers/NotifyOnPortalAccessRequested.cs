using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnPortalAccessRequestedHandler
{
    public static async Task<DeliverEmail?> Handle(
        PortalAccessRequested happened,
        Envelope envelope,
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
        var account = await db.NotifyAsync(happened.HolderId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                EmailKind.PortalAccessRequested,
                account.Email,
                happened.GrantId,
                from: $"{happened.RequesterName} ({happened.RequesterEmail})",
                portal: new PortalEmailDetails(happened.AccountName, happened.Role)
            );
    }
}
