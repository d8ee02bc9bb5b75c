using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Sets a member's access level, the settings that differ from it, and whether the member is an owner. It counts from
/// the member's next request.
/// </summary>
public sealed record ChangeAccess(Guid GroupId, Guid UserId, IfMatch IfMatch, Body<AccessInput> Body)
    : Message,
        ICommand<Success>;

internal sealed record AccessView(AccessLevelId AccessLevel, IReadOnlyDictionary<string, bool> Settings, bool Owner);

internal sealed record EffectiveAccess(
    AccessLevelId AccessLevel,
    IReadOnlyDictionary<string, bool> Settings,
    IReadOnlyList<Guid> LocationIds
);

internal sealed class ChangeAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
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
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}/access", Get)
            .RequireMember()
            .WithName("ReadAccess")
            .WithSummary(
                "A member's access level and the settings that differ from it, with the version that "
                    + "changing them asks for."
            )
            .WithTags("Access")
            .Produces<AccessView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}/effective-access", GetEffective)
            .RequireMember()
            .WithName("ReadEffectiveAccess")
            .WithSummary("What a member may do: level, settings and locations as they count now.")
            .WithTags("Access")
            .Produces<EffectiveAccess>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Put(
        Guid groupId,
        Guid userId,
        IfMatch ifMatch,
        Body<AccessInput> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ChangeAccess(groupId, userId, ifMatch, body), ct)).ToHttp(() => Results.NoContent());

    private static async Task<IResult> Get(
        Guid groupId,
        Guid userId,
        GroupsDbContext db,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (await ReadAsync(groupId, userId, db, ct) is var read && read.IsError)
            return Problems.ToProblem(read.Errors);
        var member = read.Value;
        var levels = await db.FindLevelsAsync(groupId, [member.LevelId], ct);
        var level = levels.Held(member.RoleType, member.Choice);
        return ETags.Ok(http, new AccessView(level.Id, member.Choice.Switches(level), member.IsOwner), member.Version);
    }

    private static async Task<IResult> GetEffective(
        Guid groupId,
        Guid userId,
        GroupsDbContext db,
        CancellationToken ct
    ) =>
        (await ReadAsync(groupId, userId, db, ct)).ToHttp(member =>
            Results.Ok(
                new EffectiveAccess(
                    member.LevelId,
                    AccessLevels.Describe(member.IsActive ? member.Effective : Access.None),
                    member.IsActive ? member.LocationIds : []
                )
            )
        );

    /// <summary>Members read their own access; those who manage users read everyone's.</summary>
    private static async Task<ErrorOr<Membership>> ReadAsync(
        Guid groupId,
        Guid userId,
        GroupsDbContext db,
        CancellationToken ct
    )
    {
        var member = await db
            .Memberships.AsNoTracking()
            .SingleOrDefaultAsync(m => m.GroupId == groupId && m.UserId == userId, ct);
        if (db.Call.Caller.UserId != userId && !db.Call.Caller.May(Access.ManageUsers))
            return AuthorizationErrors.NotAllowed;
        return member is null ? CommonErrors.NotFound : member;
    }
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
