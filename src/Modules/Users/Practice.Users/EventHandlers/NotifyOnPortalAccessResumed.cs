using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Inside the product only: nothing is to be done, and the practice can be called.</summary>
public static class NotifyOnPortalAccessResumedHandler
{
    public static Task Handle(
        PortalAccessResumed happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var content = NotificationContent.PortalResumed(
            happened.AccountId,
            happened.AccountName,
            happened.PracticeName,
            happened.Person
        );
        return db.NotifyAsync(happened.UserId, envelope, content, clock.GetUtcNow(), ct);
    }
}
