using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>Inside the product only: staff work there.</summary>
public static class NotifyOnPatientRequestSentHandler
{
    public static Task Handle(
        PatientRequestSent happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.NotifyOnceAsync(
            happened.UserIds,
            Notification.SourceOfRequest(happened.RequestId),
            () => NotificationContent.PatientRequest(happened),
            clock.GetUtcNow(),
            ct
        );
}
