using Practice.Contracts.Groups;
using Practice.Contracts.Locations;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Gives a deactivated member back level, settings and locations. Locations archived meanwhile are left out; the answer's header
/// <c>Skipped-Locations</c> names them.
/// </summary>
public sealed record ReactivateMember(Guid GroupId, Guid UserId) : Message, ICommand<MemberIsBack>;

/// <param name="SkippedLocationIds">Locations that the member had and that are archived.</param>
public sealed record MemberIsBack(IReadOnlyList<Guid> SkippedLocationIds);

internal sealed class ReactivateMemberEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/{userId:guid}/reactivate", Post)
            .RequireAccess(Access.ManageUsers)
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
        (await bus.SendAsync(new ReactivateMember(groupId, userId), ct)).ToHttp(back =>
        {
            if (back.SkippedLocationIds.Count > 0)
                http.Response.Headers[ResponseHeaders.SkippedLocations] = string.Join(", ", back.SkippedLocationIds);
            return Results.NoContent();
        });
}

public static class ReactivateMemberHandler
{
    public static async Task<ErrorOr<MemberIsBack>> Handle(
        ReactivateMember command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var locked = await db.LockMemberForChangeAsync(
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

        var open = (await bus.QueryAsync(new FindLocations(group.Id, member.LocationIds), ct))
            .Locations.Where(location => !location.Archived)
            .Select(location => location.LocationId);
        var skipped = member.LocationIds.Except(open).ToList();
        member.Assign(member.LocationIds.Except(skipped));
        member.Reactivate();
        work.Audit(GroupAudit.MemberReactivated, member.UserId, group.Id, skipped.Count > 0 ? new { skipped } : null);
        await messages.PublishAsync(new MemberReactivated(group.Id, group.Name, member.UserId));
        return new MemberIsBack(skipped);
    }
}
