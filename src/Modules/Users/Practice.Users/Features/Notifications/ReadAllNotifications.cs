using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;

namespace Practice.Users.Features.Notifications;

/// <summary>Marks all of the person's notifications as read. Those read before keep their time.</summary>
public sealed record ReadAllNotifications : Message, ICommand<Success>;

internal sealed class ReadAllNotificationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/users/me/notifications/read-all", Post)
            .RequireSession()
            .WithName(nameof(ReadAllNotifications))
            .WithTags("Notifications")
            .Produces(StatusCodes.Status204NoContent);

    private static async Task<IResult> Post(IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ReadAllNotifications(), ct)).ToHttp(Results.NoContent);
}

public static class ReadAllNotificationsHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ReadAllNotifications command,
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
