using Practice.Groups.Data;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Sets a member's access level, the settings that differ from it, and whether the member is an owner. It counts from
/// the member's next request.
/// </summary>
public sealed record ChangeAccess(Guid GroupId, Guid UserId, IfMatch IfMatch, Body<AccessInput> Body)
    : Message,
        ICommand<Success>;

internal sealed class ChangeAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/members/{userId:guid}/access", Put)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ChangeAccess))
            .WithTags("Access")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid userId,
        IfMatch ifMatch,
        Body<AccessInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeAccess(groupId, userId, ifMatch, body), ct)).ToHttp(() => Results.NoContent());
}

public static class ChangeAccessHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeAccess command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var others = await db.FindOtherOwnersAsync(bus, command.GroupId, command.UserId, ct);
        var confirmed = await db.FindConfirmedAsync(bus, command.GroupId, [command.UserId], ct);
        var locked = await db.GetMemberForUpdateAsync(
            command.GroupId,
            command.UserId,
            work.Caller,
            Access.ManageUsers,
            ct
        );
        if (locked.IsError)
            return locked.Errors;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (group, actor, member) = locked.Value;
        if (ETags.Check(command.IfMatch, member.Version) is { } stale)
            return stale;

        var wanted = read.Value.AccessLevel!.Value;
        var levels = await db.FindLevelsAsync(group.Id, [wanted], ct);
        var level = levels.Find(wanted, member.RoleType, member.LevelId);
        if (level.IsError)
            return level.Errors;
        var changes = new MemberChanges(db, work, messages, clock.GetUtcNow());
        var done = await changes.ChangeAccessAsync(
            group,
            actor,
            member,
            level.Value,
            read.Value.Settings,
            read.Value.Owner,
            others,
            confirmed,
            ct
        );
        return done.IsError ? done.Errors : Result.Success;
    }
}
