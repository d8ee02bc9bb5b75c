using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class TellOnPortalAccessGrantedHandler
{
    public static async Task Handle(
        PortalAccessGranted happened,
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
                NotificationKind.PortalGranted,
                $"You have access to the patient portal of {happened.AccountName}",
                $"Your role there is {Letters.InWords(happened.Role)}.",
                new NotificationData { AccountId = happened.AccountId, GrantId = happened.GrantId },
                clock.GetUtcNow()
            )
        );
        await messages.PublishAsync(
            DeliverMail.New(
                Letter.PortalAccessGranted,
                account.Email,
                happened.GrantId,
                portal: new PortalNews(happened.AccountName, happened.Role, happened.Level)
            )
        );
    }
}
