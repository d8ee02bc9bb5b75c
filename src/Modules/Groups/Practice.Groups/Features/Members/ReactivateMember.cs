using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Groups.EventHandlers;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Gives a deactivated member back their level, settings and locations. Locations archived since are left out; the
/// response header <c>Skipped-Locations</c> lists them.
/// </summary>
public sealed record ReactivateMember(Guid GroupId, Guid UserId) : Message, ICommand<ReactivationResult>;

/// <param name="SkippedLocationIds">The member's locations that are archived now.</param>
public sealed record ReactivationResult(IReadOnlyList<Guid> SkippedLocationIds);

internal sealed class ReactivateMemberEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/{userId:guid}/reactivate", Post)
            .RequireAccess(Access.ManageUsers)
            .RequirePerson()
            .WithName(nameof(ReactivateMember))
            .WithTags("Members")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid userId,
        IModuleBus bus,
        HttpContext http,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new ReactivateMember(groupId, userId), ct)).ToHttp(result =>
        {
            if (result.SkippedLocationIds.Count > 0)
                http.Response.Headers[ResponseHeaders.SkippedLocations] = string.Join(", ", result.SkippedLocationIds);
            return Results.NoContent();
        });
}

public static class ReactivateMemberHandler
{
    public static async Task<ErrorOr<ReactivationResult>> Handle(
        ReactivateMember command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        // Asked before the lock. A location that the member was given since then was checked when it was assigned.
        var assigned = await db
            .Memberships.Where(m => m.GroupId == command.GroupId && m.UserId == command.UserId)
            .Select(m => m.LocationIds)
            .SingleOrDefaultAsync(ct);
        var locations = await bus.FindLocationsAsync(command.GroupId, assigned ?? [], ct);

        var locked = await db.GetMemberForUpdateAsync(
            command.GroupId,
            command.UserId,
            work.Caller,
            Access.ManageUsers,
            ct
        );
        if (locked.IsError)
            return locked.Errors;

        var (group, _, member) = locked.Value;
        if (member.IsActive)
            return GroupErrors.AlreadyActive;
        if (member.HasLeft)
            return GroupErrors.MemberLeft;
        if (member.IsOwner && !work.Caller.RecentlyVerified)
            return AuthorizationErrors.VerificationRequired;

        var skipped = member.LocationIds.FindAll(locations.IsArchived);
        member.Assign(member.LocationIds.Except(skipped));
        member.Reactivate();
        work.Audit(GroupAudit.MemberReactivated, member.UserId, group.Id, skipped.Count > 0 ? new { skipped } : null);
        await messages.PublishAsync(new MemberReactivated(group.Id, group.Name, member.UserId));
        await messages.PublishAsync(new SyncReactivatedMember(group.Id, member.UserId));
        return new ReactivationResult(skipped);
    }
}
