using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnPortalAccessGrantedHandler
{
    public static async Task<DeliverEmail?> Handle(
        PortalAccessGranted happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.PortalAccessGranted(
            happened.AccountId,
            happened.GrantId,
            happened.AccountName,
            happened.Role
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                EmailKind.PortalAccessGranted,
                account.Email,
                happened.GrantId,
                portal: new PortalEmailDetails(happened.AccountName, happened.Role, happened.Level),
                senderId: happened.SenderId
            );
    }
}
