using Microsoft.EntityFrameworkCore;
using Practice.Groups.Domain;

namespace Practice.Groups.Data;

/// <summary>
/// Reads what a slice is about to change. Each method locks the group's row, so that changes to a group's people happen
/// one after the other, and then repeats the route's check: the caller may have lost the right while waiting for the
/// lock. From here until the transaction ends nothing is asked of another module. That would take a second connection
/// while others wait for this row.
/// </summary>
internal static class ForUpdate
{
    /// <summary>The group, and the caller's membership, if it is active and has the access required.</summary>
    public static async Task<ErrorOr<(Group Group, Membership Actor)>> GetForUpdateAsync(
        this GroupsDbContext db,
        Guid groupId,
        Caller caller,
        Access required,
        CancellationToken ct
    )
    {
        if (caller.IsClient) // people and their access are for people; the routes say so too
            return AuthorizationErrors.NotForClients;
        var group = await db.LockGroupAsync(groupId, ct);
        return await db.FindMemberAsync(groupId, caller.Person, ct) is not { IsActive: true } actor
                ? CommonErrors.NotFound
            : !actor.MayChange(required) ? AuthorizationErrors.NotAllowed
            : (group, actor);
    }

    /// <summary>As <see cref="GetForUpdateAsync"/>, and a member whom the caller may change.</summary>
    public static async Task<ErrorOr<(Group Group, Membership Actor, Membership Member)>> GetMemberForUpdateAsync(
        this GroupsDbContext db,
        Guid groupId,
        Guid userId,
        Caller caller,
        Access required,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(groupId, caller, required, ct);
        if (locked.IsError)
            return locked.Errors;

        var (group, actor) = locked.Value;
        if (await db.FindMemberAsync(groupId, userId, ct) is not { } member)
            return CommonErrors.NotFound;
        var mayChange = required == Access.ManageLocations ? actor.Outranks(member) : actor.MayManage(member);
        return mayChange ? (group, actor, member) : GroupErrors.BeyondOwnAccess;
    }

    /// <summary>
    /// As <see cref="GetForUpdateAsync"/>, and an invitation that is open or expired, and that the caller could make.
    /// </summary>
    public static async Task<ErrorOr<(Group, Membership, Invitation)>> GetInvitationForUpdateAsync(
        this GroupsDbContext db,
        Guid groupId,
        Guid invitationId,
        Caller caller,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(groupId, caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;

        var (group, actor) = locked.Value;
        if (
            await db.VisibleInvitations(groupId).SingleOrDefaultAsync(i => i.Id == invitationId, ct)
            is not { } invitation
        )
            return CommonErrors.NotFound;
        return invitation.WhyNotManagedBy(actor) is { } refused ? refused : (group, actor, invitation);
    }
}
