using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class TellOnGuardianAddedHandler
{
    public static async Task Handle(
        GuardianAdded happened,
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
                NotificationKind.GuardianAdded,
                $"You are a guardian of {happened.DependantName} in the patient portal",
                $"{happened.AddedBy} has added you. You may open their account from now on.",
                new NotificationData { AccountId = happened.AccountId },
                clock.GetUtcNow()
            )
        );
        await messages.PublishAsync(
            DeliverMail.New(
                Letter.GuardianAdded,
                account.Email,
                happened.AccountId,
                from: happened.AddedBy,
                portal: new PortalNews(happened.DependantName)
            )
        );
    }
}
