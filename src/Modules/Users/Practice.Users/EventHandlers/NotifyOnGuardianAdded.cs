using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnGuardianAddedHandler
{
    public static async Task<DeliverEmail?> Handle(
        GuardianAdded happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.GuardianAdded(
            happened.AccountId,
            happened.DependantName,
            happened.GuardianName
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                EmailKind.GuardianAdded,
                account.Email,
                happened.AccountId,
                from: happened.GuardianName,
                portal: new PortalEmailDetails(happened.DependantName)
            );
    }
}
