using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Levels;

/// <summary>Names an access level of the group's own, within the caller's own access.</summary>
public sealed record CreateAccessLevel(Guid GroupId, Body<AccessLevelInput> Body) : Message, ICommand<NewResource>;

internal sealed class CreateAccessLevelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/access-levels", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(CreateAccessLevel))
            .WithTags("Access levels")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Body<AccessLevelInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new CreateAccessLevel(groupId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/access-levels/{made.Id}", made)
        );
}

public static class CreateAccessLevelHandler
{
    /// <summary>More are no help to those who choose one. Archived ones do not count.</summary>
    private const int MaxLevels = 100;

    public static async Task<ErrorOr<NewResource>> Handle(
        CreateAccessLevel command,
        GroupsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var ((group, actor), input, now) = (locked.Value, read.Value, clock.GetUtcNow());
        var settings = AccessLevels.Read(input.Settings!);
        if (!actor.MayDefine(settings))
            return GroupErrors.BeyondOwnAccess;
        var id = Guid.CreateVersion7(now);
        if (await db.IsLevelNameTakenAsync(group.Id, id, input.Name!, ct))
            return GroupErrors.AccessLevelNameTaken;
        if (await db.AccessLevels.CountAsync(l => l.GroupId == group.Id && l.ArchivedAt == null, ct) >= MaxLevels)
            return GroupErrors.TooManyAccessLevels;

        var level = OwnAccessLevel.Create(id, group.Id, input.Name!, input.RoleType!.Value, settings, now);
        db.AccessLevels.Add(level);
        work.Audit(
            GroupAudit.AccessLevelCreated,
            level.Id,
            group.Id,
            new
            {
                level.Name,
                level.RoleType,
                level.Settings,
            }
        );
        return new NewResource(level.Id);
    }
}
