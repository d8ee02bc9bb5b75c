using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.EventHandlers;

/// <summary>Inside the product only: staff work there.</summary>
public static class NotifyOnPatientContactChangedHandler
{
    public static Task Handle(
        PatientContactChanged happened,
        Envelope envelope,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.NotifyAgainAsync(
            happened.UserIds,
            envelope.Id.ToString(),
            (happened.GroupId, happened.PatientId, NotificationKind.ContactDetailsChanged),
            times => NotificationContent.ContactDetailsChanged(happened, times),
            clock.GetUtcNow(),
            ct
        );
}
