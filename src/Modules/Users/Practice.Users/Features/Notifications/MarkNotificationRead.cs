using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;

namespace Practice.Users.Features.Notifications;

/// <summary>Marks a notification as read. Repeating it changes nothing.</summary>
public sealed record MarkNotificationRead(Guid NotificationId) : Message, ICommand<Success>;

internal sealed class MarkNotificationReadEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/notifications/{notificationId:guid}/read", Post)
            .RequireSession()
            .WithOperationId<MarkNotificationRead>("ReadNotification")
            .WithTags("Notifications")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Post(Guid notificationId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new MarkNotificationRead(notificationId), ct)).ToHttp(Results.NoContent);
}

public static class MarkNotificationReadHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        MarkNotificationRead command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var person = work.Caller.Person;
        var notification = await db.Notifications.SingleOrDefaultAsync(
            mine => mine.Id == command.NotificationId && mine.AccountId == person,
            ct
        );
        if (notification is null)
            return CommonErrors.NotFound;

        notification.Read(clock.GetUtcNow());
        return Result.Success;
    }
}
