using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class TellOnPortalAccessRevokedHandler
{
    public static async Task Handle(
        PortalAccessRevoked happened,
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
                NotificationKind.PortalRevoked,
                $"Your access to the patient portal of {happened.AccountName} has ended",
                "Your own account stays as it is.",
                new NotificationData { AccountId = happened.AccountId, GrantId = happened.GrantId },
                clock.GetUtcNow()
            )
        );
        await messages.PublishAsync(
            DeliverMail.New(
                Letter.PortalAccessRevoked,
                account.Email,
                happened.GrantId,
                portal: new PortalNews(happened.AccountName)
            )
        );
    }
}
