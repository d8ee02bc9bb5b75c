using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

/// <summary>Who changes whom, both read after the group was locked.</summary>
internal sealed record MemberForChange(Group Group, Membership Actor, Membership Member);

internal static class MembersForChange
{
    /// <summary>
    /// Locks the group and reads the caller's membership. Asked again what the route asked before the wait for the lock: the
    /// right may have gone meanwhile.
    /// </summary>
    public static async Task<ErrorOr<(Group Group, Membership Actor)>> LockForChangeAsync(
        this GroupsDbContext db,
        Guid groupId,
        Caller caller,
        Access required,
        CancellationToken ct
    )
    {
        var group = await db.LockGroupAsync(groupId, ct);
        return await db.FindMemberAsync(groupId, caller.Person, ct) is not { IsActive: true } actor
                ? CommonErrors.NotFound
            : !actor.Effective.HasFlag(required) || actor.Effective.HasFlag(Access.ReadOnly)
                ? AuthorizationErrors.NotAllowed
            : (group, actor);
    }

    /// <summary>As <see cref="LockForChangeAsync"/>, with a member; refused where they are unknown or beyond the caller.</summary>
    public static async Task<ErrorOr<MemberForChange>> LockMemberForChangeAsync(
        this GroupsDbContext db,
        Guid groupId,
        Guid userId,
        Caller caller,
        Access required,
        CancellationToken ct
    )
    {
        var locked = await db.LockForChangeAsync(groupId, caller, required, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        if (await db.FindMemberAsync(groupId, userId, ct) is not { } member)
            return CommonErrors.NotFound;
        var reaches = required == Access.ManageLocations ? actor.Outranks(member) : actor.MayManage(member);
        return reaches ? new MemberForChange(group, actor, member) : GroupErrors.BeyondOwnAccess;
    }
}
