using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Invitations;

internal sealed record MyInvitation(
    Guid Id,
    Guid GroupId,
    string GroupName,
    RoleType RoleType,
    AccessLevelId AccessLevel,
    string InvitedBy,
    DateTimeOffset ExpiresAt
);

internal sealed record GroupInvitation(
    Guid Id,
    string Email,
    RoleType RoleType,
    AccessLevelId AccessLevel,
    InvitationStatus Status,
    DateTimeOffset ExpiresAt
);

/// <summary>
/// Invitations, newest first: the caller's own that can be answered, once their email is confirmed, and the group's for
/// those who manage users; if they are restricted to locations, those to one of them.
/// </summary>
internal sealed class ListInvitationsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/invitations", GetMine)
            .RequireSession()
            .WithName("ListMyInvitations")
            .WithSummary(
                "The caller's own invitations that can be answered, newest first, once their email is confirmed."
            )
            .WithTags("Invitations")
            .Produces<Page<MyInvitation>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        app.MapGet("/api/groups/{groupId:guid}/invitations", GetGroups)
            .RequireAccess(Access.ManageUsers, changes: false)
            .WithName("ListInvitations")
            .WithSummary("The group's invitations, newest first, for those who manage users.")
            .WithTags("Invitations")
            .Produces<Page<GroupInvitation>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> GetMine(
        Paging paging,
        GroupsDbContext db,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var now = clock.GetUtcNow();
        var mine = db
            .Invitations.AsNoTracking()
            .Where(invitation =>
                invitation.UserId == ModuleDbContext.CurrentUserId()
                && invitation.Status == InvitationStatus.Pending
                && invitation.ExpiresAt > now
            );
        if (after.Value is { } last)
            mine = mine.Where(invitation => invitation.Id < last);
        var rows = await mine.OrderByDescending(invitation => invitation.Id)
            .Take(paging.Limit + 1)
            .Select(invitation => new MyInvitation(
                invitation.Id,
                invitation.GroupId,
                invitation.GroupName,
                invitation.RoleType,
                AccessLevelId.Of(invitation.RoleType, invitation.Level, invitation.OwnLevelId),
                invitation.InvitedByName,
                invitation.ExpiresAt
            ))
            .ToListAsync(ct);
        // Until then the practice that made the account may set its password, and would read what others offer.
        if (
            rows.Count > 0
            && (await bus.QueryAsync(new FindAccount(db.Call.Caller.Person), ct)).Account
                is not { EmailConfirmed: true }
        )
            rows.Clear();
        return Results.Ok(paging.Page(rows, invitation => invitation, invitation => [invitation.Id]));
    }

    private static async Task<IResult> GetGroups(
        Guid groupId,
        QueryValue<InvitationStatus>? status,
        Paging paging,
        GroupsDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var after = paging.AfterId();
        var only = QueryText.OneOf(nameof(status), status);
        List<Error> wrong = [.. after.ErrorsOrEmptyList, .. only.ErrorsOrEmptyList];
        if (wrong.Count > 0)
            return Problems.ToProblem(wrong);

        var now = clock.GetUtcNow();
        var invitations = db.VisibleInvitations(groupId).AsNoTracking();
        invitations = only.Value switch
        {
            null => invitations,
            InvitationStatus.Pending => invitations.Where(i =>
                i.Status == InvitationStatus.Pending && i.ExpiresAt > now
            ),
            InvitationStatus.Expired => invitations.Where(i =>
                i.Status == InvitationStatus.Expired || (i.Status == InvitationStatus.Pending && i.ExpiresAt <= now)
            ),
            { } other => invitations.Where(i => i.Status == other),
        };
        if (after.Value is { } last)
            invitations = invitations.Where(invitation => invitation.Id < last);
        var rows = await invitations
            .OrderByDescending(invitation => invitation.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                i => new GroupInvitation(i.Id, i.Email, i.RoleType, i.LevelId, i.StatusAt(now), i.ExpiresAt),
                i => [i.Id]
            )
        );
    }
}
