using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;

namespace Practice.Users.Features.Notifications;

internal sealed record UnreadCount(int Count);

/// <summary>The number of notifications that the person has not read.</summary>
internal sealed class CountUnreadNotificationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me/notifications/unread-count", Get)
            .RequireSession()
            .WithName("CountUnreadNotifications")
            .WithTags("Notifications")
            .Produces<UnreadCount>();

    private static async Task<IResult> Get(UsersDbContext db, CancellationToken ct) =>
        Results.Ok(
            new UnreadCount(await db.OwnNotifications().CountAsync(notification => notification.ReadAt == null, ct))
        );
}
