using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Mail;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class TellOnGuardianshipEndingHandler
{
    public static async Task Handle(
        GuardianshipEnding told,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var source = envelope.Id.ToString();
        if (await db.FindUntoldAsync(told.UserId, source, ct) is not { } account)
            return;

        var (letter, title) =
            told.What == "clinicalSuspended"
                ? (
                    Letter.ClinicalAccessEnding,
                    $"From {Letters.Day(told.On)} you see no clinical records of {told.DependantName}"
                )
                : (
                    Letter.GuardianshipEnding,
                    $"On {Letters.Day(told.On)} your guardianship of {told.DependantName} ends"
                );
        db.Notifications.Add(
            Notification.Of(
                account.Id,
                source,
                NotificationKind.GuardianshipEnding,
                title,
                $"You are told {told.Days} days ahead. Until then nothing changes.",
                new NotificationData { AccountId = told.AccountId },
                clock.GetUtcNow()
            )
        );
        await messages.PublishAsync(
            DeliverMail.New(
                letter,
                account.Email,
                told.AccountId,
                portal: new PortalNews(told.DependantName, On: told.On, Days: told.Days)
            )
        );
    }
}
