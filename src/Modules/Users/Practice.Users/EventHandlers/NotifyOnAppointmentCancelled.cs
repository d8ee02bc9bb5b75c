using Practice.Contracts.PatientPortal;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>Inside the product only: staff work there.</summary>
public static class NotifyOnAppointmentCancelledHandler
{
    public static Task Handle(
        AppointmentCancelled happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (source, now) = (Notification.SourceOfCancellation(happened.AppointmentId), clock.GetUtcNow());
        // A patient may cancel again and again; a colleague is trusted to mean each.
        return happened.ByPatient
            ? db.NotifyAgainAsync(
                happened.UserIds,
                source,
                (happened.GroupId, happened.PatientId, NotificationKind.AppointmentCancelled),
                times => NotificationContent.AppointmentCancelled(happened, times),
                now,
                ct
            )
            : db.NotifyOnceAsync(
                happened.UserIds,
                source,
                () => NotificationContent.AppointmentCancelled(happened, 1),
                now,
                ct
            );
    }
}
