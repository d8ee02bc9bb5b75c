using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class TellOnPortalAccessRequestedHandler
{
    public static async Task Handle(
        PortalAccessRequested asked,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var source = envelope.Id.ToString();
        if (await db.FindUntoldAsync(asked.HolderId, source, ct) is not { } account)
            return;

        db.Notifications.Add(
            Notification.Of(
                account.Id,
                source,
                NotificationKind.PortalRequest,
                $"{asked.RequesterName} asks for access to the patient portal of {asked.AccountName}",
                $"{asked.RequesterEmail} asks for the role {Letters.InWords(asked.Role)}. Nothing is shown to them before you grant it.",
                new NotificationData { AccountId = asked.AccountId, GrantId = asked.GrantId },
                clock.GetUtcNow()
            )
        );
        await messages.PublishAsync(
            DeliverMail.New(
                Letter.PortalAccessRequested,
                account.Email,
                asked.GrantId,
                from: $"{asked.RequesterName} ({asked.RequesterEmail})",
                portal: new PortalNews(asked.AccountName, asked.Role)
            )
        );
    }
}
