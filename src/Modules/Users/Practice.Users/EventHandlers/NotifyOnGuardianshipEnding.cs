using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnGuardianshipEndingHandler
{
    public static async Task<DeliverEmail?> Handle(
        GuardianshipEnding happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var loss = PortalCodes.Loss(happened.What);
        var content = NotificationContent.GuardianshipEnding(
            happened.AccountId,
            happened.DependantName,
            loss,
            happened.On,
            happened.Days
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                KindOf(loss),
                account.Email,
                happened.AccountId,
                portal: new PortalEmailDetails(happened.DependantName, On: happened.On, Days: happened.Days)
            );
    }

    private static EmailKind KindOf(GuardianLoss loss) =>
        loss switch
        {
            GuardianLoss.ClinicalAccess => EmailKind.ClinicalAccessEnding,
            GuardianLoss.Guardianship => EmailKind.GuardianshipEnding,
            _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, null),
        };
}
