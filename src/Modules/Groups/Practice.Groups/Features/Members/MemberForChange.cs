using Practice.Groups.Data;
using Practice.Groups.Domain;
using Practice.Shared.Authority;

namespace Practice.Groups.Features.Members;

/// <summary>Who changes whom, both read after the group was locked.</summary>
internal sealed record MemberForChange(Group Group, Membership Actor, Membership Member);

internal static class MembersForChange
{
    /// <summary>
    /// Locks the group and reads the caller's membership and the member's. Refused where the caller is no longer active, the
    /// member unknown, or the member holds more than the caller.
    /// </summary>
    public static async Task<ErrorOr<MemberForChange>> LockMemberForChangeAsync(
        this GroupsDbContext db, Guid groupId, Guid userId, Caller caller, CancellationToken ct)
    {
        var group = await db.LockGroupAsync(groupId, ct);
        if (await db.FindMemberAsync(groupId, caller.Person, ct) is not { IsActive: true } actor
            || await db.FindMemberAsync(groupId, userId, ct) is not { } member)
        {
            return Refusals.NotFound;
        }

        return actor.MayManage(member) ? new MemberForChange(group, actor, member) : GroupRefusals.BeyondOwnAccess;
    }
}
