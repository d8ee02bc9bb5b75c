using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Members;

/// <summary>What a member could do with the new access, and what would change.</summary>
/// <param name="Settings">Every setting, and whether it would be on.</param>
/// <param name="Changes">The settings that would change.</param>
/// <param name="SeesAllLocations">
/// Whether the member would see every location, or only <paramref name="LocationIds"/>.
/// </param>
/// <param name="InvitationsWithdrawn">
/// How many open invitations of theirs would be withdrawn as no longer valid.
/// </param>
internal sealed record AccessPreview(
    AccessLevelId AccessLevel,
    bool Owner,
    IReadOnlyDictionary<string, bool> Settings,
    IReadOnlyList<SettingChange> Changes,
    bool SeesAllLocations,
    IReadOnlyList<Guid> LocationIds,
    int InvitationsWithdrawn
);

/// <summary>Previews a change of a member's access: the same body and the same errors, but nothing is stored.</summary>
internal sealed class PreviewAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/members/{userId:guid}/access/preview", Post)
            .RequireAccess(Access.ManageUsers, changes: false) // also for read-only members
            .RequirePerson()
            .WithoutIdempotency()
            .WithName("PreviewAccess")
            .WithTags("Access")
            .Produces<AccessPreview>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid userId,
        Body<AccessInput> body,
        GroupsDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    ) => (await PreviewAsync(groupId, userId, body, db, bus, clock, ct)).ToHttp(preview => Results.Ok(preview));

    private static async Task<ErrorOr<AccessPreview>> PreviewAsync(
        Guid groupId,
        Guid userId,
        Body<AccessInput> body,
        GroupsDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var both = await db
            .Memberships.AsNoTracking()
            .Where(m => m.GroupId == groupId && (m.UserId == userId || m.UserId == ModuleDbContext.CurrentUserId()))
            .ToListAsync(ct);
        var actor = both.Single(m => m.UserId == db.Call.Caller.Person);
        if (both.Find(m => m.UserId == userId) is not { } member)
            return CommonErrors.NotFound;
        if (!actor.MayManage(member))
            return GroupErrors.BeyondOwnAccess;
        if (body.Read() is var read && read.IsError)
            return read.Errors;

        var wanted = read.Value.AccessLevel!.Value;
        var levels = await db.FindLevelsAsync(groupId, [wanted], ct);
        var level = levels.Find(wanted, member.RoleType, member.LevelId);
        if (level.IsError)
            return level.Errors;
        var planned = await db.PlanAccessAsync(
            actor,
            member,
            level.Value,
            read.Value.Settings,
            read.Value.Owner,
            await db.FindOtherOwnersAsync(bus, groupId, userId, ct),
            await db.FindConfirmedAsync(bus, groupId, [userId], ct),
            ct
        );
        if (planned.IsError)
            return planned.Errors;

        var (choice, owner) = planned.Value;
        var (open, now) = (await db.OpenInvitationsOf(member).AsNoTracking().ToListAsync(ct), clock.GetUtcNow());
        var before = member.Effective;
        member.ChangeAccess(choice, owner);
        return new AccessPreview(
            level.Value.Id,
            owner,
            AccessLevels.Describe(member.Effective),
            SettingChange.Between(before, member.Effective),
            !member.Effective.HasFlag(Access.RestrictToAssignedLocations),
            member.LocationIds,
            open.Count(invitation =>
                invitation.StatusAt(now) == InvitationStatus.Pending && !invitation.CouldBeMadeBy(member)
            )
        );
    }
}
