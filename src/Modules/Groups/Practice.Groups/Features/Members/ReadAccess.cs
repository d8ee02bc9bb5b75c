using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

internal sealed record AccessView(AccessLevelId AccessLevel, IReadOnlyDictionary<string, bool> Settings, bool Owner);

internal sealed record EffectiveAccess(
    AccessLevelId AccessLevel,
    IReadOnlyDictionary<string, bool> Settings,
    IReadOnlyList<Guid> LocationIds
);

internal sealed class ReadAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
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
