using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Levels;

/// <summary>
/// Offers one of the group's own access levels to nobody new. Who has it keeps it, and so do open invitations, until
/// somebody gives them another one.
/// </summary>
public sealed record ArchiveAccessLevel(Guid GroupId, Guid LevelId) : Message, ICommand<Success>;

internal sealed class ArchiveAccessLevelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/access-levels/{levelId:guid}/archive", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ArchiveAccessLevel))
            .WithTags("Access levels")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid groupId, Guid levelId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ArchiveAccessLevel(groupId, levelId), ct)).ToHttp(() => Results.NoContent());
}

public static class ArchiveAccessLevelHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ArchiveAccessLevel command,
        GroupsDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var locked = await db.GetLevelForUpdateAsync(command.GroupId, command.LevelId, work.Caller, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, _, level) = locked.Value;
        if (level.IsArchived)
            return GroupErrors.CannotChangeArchivedLevel;

        level.Archive(clock.GetUtcNow());
        work.Audit(GroupAudit.AccessLevelArchived, level.Id, group.Id);
        return Result.Success;
    }
}
