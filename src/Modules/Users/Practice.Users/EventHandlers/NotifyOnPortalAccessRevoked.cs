using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnPortalAccessRevokedHandler
{
    public static async Task<DeliverEmail?> Handle(
        PortalAccessRevoked happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.PortalAccessRevoked(
            happened.AccountId,
            happened.GrantId,
            happened.AccountName
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                EmailKind.PortalAccessRevoked,
                account.Email,
                happened.GrantId,
                portal: new PortalEmailDetails(happened.AccountName),
                senderId: happened.SenderId
            );
    }
}
