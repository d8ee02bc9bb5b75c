using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Features.Notifications;

internal sealed record NotificationView(
    Guid Id,
    NotificationKind Kind,
    string Title,
    string Body,
    NotificationData Data,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ReadAt
);

/// <summary>The person's notifications, newest first; with <c>?unread=true</c> only the unread ones.</summary>
internal sealed class ListNotificationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/users/me/notifications", Get)
            .RequireSession()
            .WithName("ListNotifications")
            .WithTags("Notifications")
            .Produces<Page<NotificationView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Get(
        QueryValue<bool>? unread,
        Paging paging,
        UsersDbContext db,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);
        if (QueryText.YesOrNo(nameof(unread), unread) is var onlyUnread && onlyUnread.IsError)
            return Problems.ToProblem(onlyUnread.Errors);

        var notifications = db.OwnNotifications().AsNoTracking();
        if (onlyUnread.Value)
            notifications = notifications.Where(notification => notification.ReadAt == null);
        if (after.Value is { } last)
            notifications = notifications.Where(notification => notification.Id < last);

        var rows = await notifications
            .OrderByDescending(notification => notification.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                row => new NotificationView(row.Id, row.Kind, row.Title, row.Body, row.Data, row.CreatedAt, row.ReadAt),
                row => [row.Id]
            )
        );
    }
}
