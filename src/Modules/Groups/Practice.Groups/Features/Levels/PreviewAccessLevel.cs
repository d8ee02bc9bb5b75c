using Microsoft.EntityFrameworkCore;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Idempotency;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Levels;

/// <summary>Whom the change of a level would reach, by name.</summary>
/// <param name="Changed">How many people in all.</param>
/// <param name="ApiClientsChanged">How many API clients of the group could do something else.</param>
/// <param name="InvitationsChanged">How many invitations would offer something else.</param>
/// <param name="InvitationsWithdrawn">
/// How many open invitations by these people would be withdrawn as no longer valid.
/// </param>
internal sealed record AccessLevelPreview(
    int Changed,
    int ApiClientsChanged,
    int InvitationsChanged,
    int InvitationsWithdrawn,
    IReadOnlyList<MemberChange> Items,
    string? Next
);

/// <param name="Settings">The settings that would change.</param>
internal sealed record MemberChange(
    Guid UserId,
    string FirstName,
    string LastName,
    bool Active,
    IReadOnlyList<SettingChange> Settings
);

/// <summary>Previews a change of an access level: the same errors, but nothing is stored.</summary>
internal sealed class PreviewAccessLevelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/access-levels/{levelId:guid}/preview", Post)
            .RequireAccess(Access.ManageUsers, changes: false) // also for read-only members
            .RequirePerson()
            .WithoutIdempotency()
            .WithName("PreviewAccessLevel")
            .WithTags("Access levels")
            .Produces<AccessLevelPreview>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid levelId,
        Body<AccessLevelDraft> body,
        Paging paging,
        GroupsDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    ) =>
        (await PreviewAsync(groupId, levelId, body, paging, db, bus, clock, ct)).ToHttp(preview => Results.Ok(preview));

    private static async Task<ErrorOr<AccessLevelPreview>> PreviewAsync(
        Guid groupId,
        Guid levelId,
        Body<AccessLevelDraft> body,
        Paging paging,
        GroupsDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var actor = await db
            .Memberships.AsNoTracking()
            .SingleAsync(m => m.GroupId == groupId && m.UserId == ModuleDbContext.CurrentUserId(), ct);
        var level = await db
            .AccessLevels.AsNoTracking()
            .SingleOrDefaultAsync(l => l.GroupId == groupId && l.Id == levelId, ct);
        if (level is null)
            return CommonErrors.NotFound;
        if (!actor.MayDefine(level.Settings))
            return GroupErrors.BeyondOwnAccess;
        var after = paging.AfterId();
        if (after.IsError)
            return after.Errors;
        if (body.Read() is var read && read.IsError)
            return read.Errors;
        if (level.IsArchived)
            return GroupErrors.CannotChangeArchivedLevel;
        if (read.Value.RoleType is { } roleType && roleType != level.RoleType)
            return GroupErrors.AccessLevelRoleTypeFixed;
        if (read.Value.Name is { } name && await db.IsLevelNameTakenAsync(groupId, levelId, name, ct))
            return GroupErrors.AccessLevelNameTaken;

        var confirmed = await db.FindConfirmedAsync(bus, groupId, member => member.OwnLevelId == levelId, ct);
        var settings = AccessLevels.Read(read.Value.Settings!);
        var planned = await db.PlanLevelChangeAsync(level, settings, actor, confirmed, ct);
        if (planned.IsError)
            return planned.Errors;
        var (change, now) = (planned.Value, clock.GetUtcNow());
        var byName = change
            .Members.OrderBy(following => following.Member.LastName, StringComparer.OrdinalIgnoreCase)
            .ThenBy(following => following.Member.FirstName, StringComparer.OrdinalIgnoreCase)
            .ThenBy(following => following.Member.UserId)
            .ToList();
        var first = 0;
        if (after.Value is { } last)
        {
            first = 1 + byName.FindIndex(following => following.Member.UserId == last);
            if (first == 0)
                return Paging.Gone;
        }

        var page = paging.Page(
            byName.GetRange(first, Math.Min(paging.Limit + 1, byName.Count - first)),
            View,
            following => [following.Member.UserId]
        );
        return new AccessLevelPreview(
            byName.Count,
            change.Clients.Count,
            change.Invitations.Count,
            change.Invalid.Count(invitation => invitation.StatusAt(now) == InvitationStatus.Pending),
            page.Items,
            page.Next
        );
    }

    private static MemberChange View(Following following) =>
        new(
            following.Member.UserId,
            following.Member.FirstName,
            following.Member.LastName,
            following.Member.IsActive,
            SettingChange.Between(following.Before, following.After)
        );
}
