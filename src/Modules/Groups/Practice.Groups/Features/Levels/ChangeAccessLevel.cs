using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Audit;
using Wolverine;

namespace Practice.Groups.Features.Levels;

/// <summary>
/// Renames one of the group's own access levels and sets its settings. The access of everyone who has it follows, from
/// their next request; settings that were switched against the level stay.
/// </summary>
public sealed record ChangeAccessLevel(Guid GroupId, Guid LevelId, IfMatch IfMatch, Body<AccessLevelChange> Body)
    : Message,
        ICommand<Success>;

internal sealed class ChangeAccessLevelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/groups/{groupId:guid}/access-levels/{levelId:guid}", Put)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ChangeAccessLevel))
            .WithTags("Access levels")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid groupId,
        Guid levelId,
        IfMatch ifMatch,
        Body<AccessLevelChange> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ChangeAccessLevel(groupId, levelId, ifMatch, body), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class ChangeAccessLevelHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ChangeAccessLevel command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var confirmed = await db.FindConfirmedAsync(
            bus,
            command.GroupId,
            member => member.OwnLevelId == command.LevelId,
            ct
        );
        var locked = await db.GetLevelForUpdateAsync(command.GroupId, command.LevelId, work.Caller, ct);
        if (locked.IsError)
            return locked.Errors;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var ((group, actor, level), input, now) = (locked.Value, read.Value, clock.GetUtcNow());
        if (ETags.Check(command.IfMatch, level.Version) is { } stale)
            return stale;
        if (level.IsArchived)
            return GroupErrors.CannotChangeArchivedLevel;
        if (input.RoleType is { } roleType && roleType != level.RoleType)
            return GroupErrors.AccessLevelRoleTypeFixed;
        if (await db.IsLevelNameTakenAsync(group.Id, level.Id, input.Name!, ct))
            return GroupErrors.AccessLevelNameTaken;

        var (before, after) = (level.Settings, AccessLevels.Read(input.Settings!));
        var planned = await db.PlanLevelChangeAsync(level, after, actor, confirmed, ct);
        if (planned.IsError)
            return planned.Errors;
        var change = planned.Value;

        level.Change(input.Name!, after);
        if (!work.HasChanged(level))
            return Result.Success;
        var renamed = work.ChangesOf(level).Where(change => change.What == "name").ToList();
        if (change.Members.Count > 0)
            await db.FollowLevelAsync(level, before, after, change.HeldBack, ct);
        foreach (var invitation in change.Invitations)
            invitation.SetInviter(actor);
        foreach (var invalid in change.Invalid)
            await invalid.WithdrawAsync(work, now, messages);

        Audit(work, level, renamed, before, change);
        var changed = change
            .Members.Select(following => following.Member)
            .Where(member => member.IsActive)
            .Select(member => member.UserId)
            .ToList();
        if (changed.Count > 0)
            await messages.PublishAsync(new MembersAccessChanged(group.Id, group.Name, changed, actor.UserId));
        return Result.Success;
    }

    private static void Audit(
        UnitOfWork work,
        OwnAccessLevel level,
        List<AuditChange> renamed,
        Access before,
        LevelChange change
    )
    {
        work.Audit(
            GroupAudit.AccessLevelChanged,
            level.Id,
            level.GroupId,
            new
            {
                level.Name,
                changes = renamed,
                from = before,
                to = level.Settings,
                // Nearly all members change alike.
                members = change
                    .Members.GroupBy(following => (following.Before, following.After))
                    .Select(alike => new
                    {
                        from = alike.Key.Before,
                        to = alike.Key.After,
                        userIds = alike.Select(following => following.Member.UserId),
                    }),
                invitations = change.Invitations.Select(invitation => invitation.Id),
            }
        );
        foreach (var (client, held, holds) in change.Clients)
            work.Audit(
                GroupAudit.ClientAccessChanged,
                client.Id,
                level.GroupId,
                new
                {
                    level = level.Id,
                    from = held,
                    to = holds,
                }
            );
    }
}
