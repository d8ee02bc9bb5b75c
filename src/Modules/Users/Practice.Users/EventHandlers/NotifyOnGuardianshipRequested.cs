using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Practice.Users.Email;
using Wolverine;

namespace Practice.Users.EventHandlers;

public static class NotifyOnGuardianshipRequestedHandler
{
    public static async Task<DeliverEmail?> Handle(
        GuardianshipRequested happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.GuardianshipRequested(
            happened.GuardianshipId,
            happened.DependantName,
            happened.AskedBy
        );
        var account = await db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
        return account is null
            ? null
            : DeliverEmail.New(
                EmailKind.GuardianshipRequested,
                account.Email,
                happened.GuardianshipId,
                from: happened.AskedBy,
                portal: new PortalEmailDetails(happened.DependantName),
                senderId: happened.SenderId
            );
    }
}
