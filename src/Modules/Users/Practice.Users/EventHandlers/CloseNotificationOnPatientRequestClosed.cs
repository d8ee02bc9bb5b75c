using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>Nobody has to look at a request any more that one of them has answered.</summary>
public static class CloseNotificationOnPatientRequestClosedHandler
{
    public static Task Handle(
        PatientRequestClosed happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.CloseNotificationsAsync(
            happened.UserIds,
            Notification.SourceOfRequest(happened.RequestId),
            () => NotificationContent.ClosedRequest(happened.GroupId, happened.RequestId),
            clock.GetUtcNow(),
            ct
        );
}
