using System.Buffers.Binary;
using System.Security.Cryptography;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Locations;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Wolverine;

namespace Practice.Groups.Features.Members;

/// <summary>
/// Sets the members of one location: <see cref="AssignLocations"/> from the other side, with the same guards.
/// </summary>
public sealed record AssignMembers(Guid GroupId, Guid LocationId, IfMatch IfMatch, Body<LocationMembers> Body)
    : Message,
        ICommand<Success>;

public sealed record LocationMembers(IReadOnlyList<Guid>? UserIds)
{
    /// <summary>The list has no row of its own, so its version is a hash of the members on it.</summary>
    internal static uint VersionOf(IEnumerable<Guid> userIds) =>
        BinaryPrimitives.ReadUInt32LittleEndian(
            SHA256.HashData([.. userIds.Order().SelectMany(id => id.ToByteArray())])
        );
}

internal sealed class LocationMembersValidator : AbstractValidator<LocationMembers>
{
    private const int MaxMembers = 1000;

    public LocationMembersValidator() =>
        RuleFor(location => location.UserIds)
            .Required()
            .AtMost(MaxMembers)
            .WithMessage($"At most {MaxMembers} members.");
}

internal sealed class AssignMembersEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPut("/api/groups/{groupId:guid}/locations/{locationId:guid}/members", Put)
            .RequireAccess(Access.ManageLocations)
            .RequirePerson()
            .WithName(nameof(AssignMembers))
            .WithTags("Assignments")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);
        app.MapGet("/api/groups/{groupId:guid}/locations/{locationId:guid}/members", Get)
            .RequireMember()
            .WithName("ReadLocationMembers")
            .WithSummary("The members of one location, with the version that changing them asks for.")
            .WithTags("Assignments")
            .Produces<LocationMembers>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Put(
        Guid groupId,
        Guid locationId,
        IfMatch ifMatch,
        Body<LocationMembers> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new AssignMembers(groupId, locationId, ifMatch, body), ct)).ToHttp(() =>
            Results.NoContent()
        );

    private static async Task<IResult> Get(
        Guid groupId,
        Guid locationId,
        GroupsDbContext db,
        IModuleBus bus,
        HttpContext http,
        CancellationToken ct
    )
    {
        var userIds = await db
            .Memberships.AsNoTracking()
            .Where(member =>
                member.GroupId == groupId
                && member.Status == MemberStatus.Active
                && member.LocationIds.Contains(locationId)
            )
            .OrderBy(member => member.UserId)
            .Select(member => member.UserId)
            .ToListAsync(ct);

        var caller = db.Call.Caller;
        var outOfReach = caller.May(Access.RestrictToAssignedLocations) && !caller.LocationIds.Contains(locationId);
        return outOfReach || (await bus.QueryAsync(new FindLocations(groupId, [locationId]), ct)).Locations.Count == 0
            ? CommonErrors.NotFound.ToProblem()
            : ETags.Ok(http, new LocationMembers(userIds), LocationMembers.VersionOf(userIds));
    }
}

public static class AssignMembersHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        AssignMembers command,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        // Asked before the lock. A location is never deleted, and one archived since is as if archived right after.
        if (
            (await bus.QueryAsync(new FindLocations(command.GroupId, [command.LocationId]), ct)).Locations
            is not [var location]
        )
            return CommonErrors.NotFound;
        var input = command.Body.Read();
        var confirmed = input.IsError
            ? ConfirmedMembers.None
            : await db.FindConfirmedAsync(bus, command.GroupId, input.Value.UserIds!.ToHashSet(), ct);

        var locked = await db.GetForUpdateAsync(command.GroupId, work.Caller, Access.ManageLocations, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        if (!actor.MayAssign([location.LocationId]))
            return CommonErrors.NotFound;
        if (input.IsError)
            return input.Errors;

        var wanted = input.Value.UserIds!.ToHashSet();
        var members = await db
            .Memberships.Where(member =>
                member.GroupId == group.Id
                && member.Status == MemberStatus.Active
                && (wanted.Contains(member.UserId) || member.LocationIds.Contains(location.LocationId))
            )
            .ToListAsync(ct);
        var assigned = members.FindAll(member => member.LocationIds.Contains(location.LocationId));
        if (
            ETags.Check(command.IfMatch, LocationMembers.VersionOf(assigned.Select(member => member.UserId))) is
            { } stale
        )
            return stale;
        if (!wanted.IsSubsetOf(members.Select(member => member.UserId)))
            return GroupErrors.UnknownMember;

        var joining = members.FindAll(member => wanted.Contains(member.UserId) && !assigned.Contains(member));
        var leaving = assigned.FindAll(member => !wanted.Contains(member.UserId));
        if (location.Archived && joining.Count > 0)
            return LocationErrors.Archived;
        if (!joining.Concat(leaving).All(actor.Outranks))
            return GroupErrors.BeyondOwnAccess;
        if (joining.Count(member => actor.WhyNoMoreLocations(member, confirmed) is not null) is > 0 and var open)
            return GroupErrors.AccountNotConfirmed(open);
        if (joining.Count + leaving.Count == 0)
            return Result.Success;

        joining.ForEach(member => member.Assign([.. member.LocationIds, location.LocationId]));
        leaving.ForEach(member => member.Assign(member.LocationIds.Where(id => id != location.LocationId)));
        foreach (var member in leaving)
            await db.WithdrawInvalidInvitationsAsync(work, member, clock.GetUtcNow(), messages, ct);
        work.Audit(
            GroupAudit.MembersAssigned,
            location.LocationId,
            group.Id,
            new { joined = joining.Select(member => member.UserId), left = leaving.Select(member => member.UserId) }
        );
        return Result.Success;
    }
}
