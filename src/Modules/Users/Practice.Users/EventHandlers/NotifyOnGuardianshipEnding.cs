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
        var content = NotificationContent.GuardianshipEnding(
            happened.AccountId,
            happened.DependantName,
            happened.What,
            happened.On,
            happened.Days
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                KindOf(happened.What),
                account.Email,
                happened.AccountId,
                portal: new PortalEmailDetails(happened.DependantName, On: happened.On, Days: happened.Days)
            );
    }

    private static EmailKind KindOf(GuardianshipLimit limit) =>
        limit switch
        {
            GuardianshipLimit.ClinicalSuspended => EmailKind.ClinicalAccessEnding,
            GuardianshipLimit.GuardianshipEnds => EmailKind.GuardianshipEnding,
            _ => throw new ArgumentOutOfRangeException(nameof(limit), limit, null),
        };
}
