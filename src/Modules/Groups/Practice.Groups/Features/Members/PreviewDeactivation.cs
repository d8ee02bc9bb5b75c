using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Locations;
using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Features.Members;

/// <summary>What would be left behind if a member were deactivated or left.</summary>
/// <param name="LastOwner">Whether it would fail because the group needs an active owner.</param>
/// <param name="LocationsLeftEmpty">Active locations without any other active member.</param>
/// <param name="InvitationsWithdrawn">How many open invitations of theirs would be withdrawn.</param>
/// <param name="ApiClients">
/// The API clients they made, which would go on: <c>revokeApiClients</c> revokes them too. Only owners see them.
/// </param>
/// <param name="Webhooks">
/// The webhooks they made, which would go on: <c>revokeApiClients</c> turns them off too. Only owners see them.
/// </param>
internal sealed record DeactivationPreview(
    bool LastOwner,
    IReadOnlyList<LocationLeftEmpty> LocationsLeftEmpty,
    int InvitationsWithdrawn,
    IReadOnlyList<ApiClientLeft> ApiClients,
    IReadOnlyList<WebhookLeft> Webhooks
);

internal sealed record LocationLeftEmpty(Guid Id, string Name);

/// <summary>
/// The check before <see cref="DeactivateMember"/> and before leaving: the same errors about members beyond the caller,
/// but nothing is stored.
/// </summary>
internal sealed class PreviewDeactivationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/members/{userId:guid}/deactivation", Get)
            .RequireAccess(Access.ManageUsers, changes: false)
            .RequirePerson()
            .WithName("PreviewDeactivation")
            .WithTags("Members")
            .Produces<DeactivationPreview>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Get(
        Guid groupId,
        Guid userId,
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
        if (both.Find(m => m.UserId == userId) is not { } member)
            return CommonErrors.NotFound.ToProblem();
        var actor = both.Single(m => m.UserId == db.Call.Caller.Person);
        if (!actor.MayManage(member))
            return GroupErrors.BeyondOwnAccess.ToProblem();
        if (!member.IsActive)
            return GroupErrors.AlreadyDeactivated.ToProblem();

        var alone = await db
            .Database.SqlQuery<Guid>(
                $"""
                select location_id as "Value" from unnest({member.LocationIds.ToArray()}) location_id where not exists (
                    select from groups.memberships other
                    where other.group_id = {groupId} and other.user_id <> {userId}
                      and other.status = 'Active' and location_id = any(other.location_ids))
                """
            )
            .ToListAsync(ct);
        var locations = alone.Count == 0 ? [] : (await bus.QueryAsync(new FindLocations(groupId, alone), ct)).Locations;
        var now = clock.GetUtcNow();
        return Results.Ok(
            new DeactivationPreview(
                await db.IsLastOwnerAsync(member, await db.FindOtherOwnersAsync(bus, groupId, userId, ct), ct),
                [
                    .. locations
                        .Where(location => !location.Archived)
                        .OrderBy(location => location.Name, StringComparer.OrdinalIgnoreCase)
                        .Select(location => new LocationLeftEmpty(location.LocationId, location.Name)),
                ],
                await db.OpenInvitationsOf(member).CountAsync(invitation => invitation.ExpiresAt > now, ct),
                actor.IsOwner
                    ? await db.LiveClientsOf(member, now)
                        .Select(client => new ApiClientLeft(client.Id, client.Name))
                        .ToListAsync(ct)
                    : [],
                actor.IsOwner ? [.. (await WebhookLeft.FindAsync(bus, groupId, [userId], ct))[userId]] : []
            )
        );
    }
}
