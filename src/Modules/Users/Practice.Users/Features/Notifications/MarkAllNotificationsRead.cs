using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;

namespace Practice.Users.Features.Notifications;

/// <summary>Marks all of the person's notifications as read. Those read before keep their time.</summary>
public sealed record MarkAllNotificationsRead : Message, ICommand<Success>;

internal sealed class MarkAllNotificationsReadEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/notifications/read-all", Post)
            .RequireSession()
            .WithOperationId<MarkAllNotificationsRead>("ReadAllNotifications")
            .WithTags("Notifications")
            .Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new MarkAllNotificationsRead(), ct)).ToHttp(Results.NoContent);
}

public static class MarkAllNotificationsReadHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        MarkAllNotificationsRead command,
        UsersDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (person, now) = (work.Caller.Person, clock.GetUtcNow());
        await db
            .Notifications.Where(mine => mine.AccountId == person && mine.ReadAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(mine => mine.ReadAt, now), ct);
        return Result.Success;
    }
}
