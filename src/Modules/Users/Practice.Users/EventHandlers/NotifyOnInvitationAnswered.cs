using Practice.Contracts.Groups;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

/// <summary>Inside the product only: staff work there.</summary>
public static class NotifyOnInvitationAnsweredHandler
{
    public static Task Handle(
        InvitationAnswered happened,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        db.NotifyOnceAsync(
            happened.UserIds,
            Notification.SourceOfAnswer(happened.InvitationId),
            () => NotificationContent.InvitationAnswered(happened, InvitationStatuses.Of(happened.Status)),
            clock.GetUtcNow(),
            ct
        );
}
