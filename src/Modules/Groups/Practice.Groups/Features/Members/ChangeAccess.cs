using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
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

internal sealed record AccessView(AccessLevel AccessLevel, IReadOnlyDictionary<string, bool> Settings, bool Owner);

internal sealed record EffectiveAccess(
    AccessLevel AccessLevel,
    IReadOnlyDictionary<string, bool> Settings,
    IReadOnlyList<Guid> LocationIds
);

internal sealed class ChangeAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPut("/api/groups/{groupId:guid}/members/{userId:guid}/access", Put)
            .RequireAccess(Access.ManageUsers)
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
            .WithTags("Access")
            .Produces<AccessView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}/effective-access", GetEffective)
            .RequireMember()
            .WithName("ReadEffectiveAccess")
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
    ) =>
        (await ReadAsync(groupId, userId, db, ct)).ToHttp(member =>
            ETags.Ok(http, new AccessView(member.Level, member.Choice.Switches(), member.IsOwner), member.Version)
        );

    private static async Task<IResult> GetEffective(
        Guid groupId,
        Guid userId,
        GroupsDbContext db,
        CancellationToken ct
    ) =>
        (await ReadAsync(groupId, userId, db, ct)).ToHttp(member =>
            Results.Ok(
                new EffectiveAccess(
                    member.Level,
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

        var chosen = actor.ChooseAccess(
            member,
            member.RoleType,
            read.Value.AccessLevel!.Value,
            read.Value.Settings,
            read.Value.Owner
        );
        if (chosen.IsError)
            return chosen.Errors;
        var (choice, owner) = chosen.Value;
        if (!owner && await db.IsLastOwnerAsync(member, others, ct))
            return GroupErrors.LastOwner;

        if (choice == member.Choice && owner == member.IsOwner)
            return Result.Success;
        if (owner != member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;
        member.ChangeAccess(choice, owner);
        await db.WithdrawInvalidInvitationsAsync(work, member, clock.GetUtcNow(), messages, ct);
        work.Audit(
            GroupAudit.AccessChanged,
            member.UserId,
            group.Id,
            new
            {
                choice.Level,
                on = choice.SwitchedOn,
                off = choice.SwitchedOff,
                owner,
            }
        );
        if (member.IsActive && actor.UserId != member.UserId)
            await messages.PublishAsync(new MemberAccessChanged(group.Id, group.Name, member.UserId));
        return Result.Success;
    }
}
