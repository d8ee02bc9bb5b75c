using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Groups.Domain;

namespace Practice.Groups.Data;

/// <summary>
/// A group keeps an owner who can act: active, with a confirmed email, signed in at least once, and connected with the
/// identity provider that the group requires. Others do not hold it: nobody may ever come.
/// </summary>
internal static class LastOwner
{
    /// <summary>
    /// The owners besides this one who can act; none where this member is no owner. It asks another module, so it comes
    /// before the lock.
    /// </summary>
    public static Task<List<Guid>> FindOtherOwnersAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        Guid userId,
        CancellationToken ct
    ) => db.FindActingOwnersAsync(bus, groupId, [userId], other => other.UserId != userId, ct);

    /// <summary>As for one, all owners who can act; none where none of these members is an owner.</summary>
    public static Task<List<Guid>> FindActingOwnersAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        IReadOnlyList<Guid> userIds,
        CancellationToken ct
    ) => db.FindActingOwnersAsync(bus, groupId, userIds, _ => true, ct);

    private static async Task<List<Guid>> FindActingOwnersAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        IReadOnlyList<Guid> userIds,
        Expression<Func<Membership, bool>> which,
        CancellationToken ct
    )
    {
        var owners = db.Memberships.AsNoTracking().Where(m => m.GroupId == groupId && m.IsOwner);
        var others = await db.ActiveOwners(groupId)
            .Where(which)
            .Where(_ => owners.Any(owner => userIds.Contains(owner.UserId)))
            .Select(other => other.UserId)
            .ToListAsync(ct);
        if (others.Count == 0)
            return [];
        var accounts = (await bus.QueryAsync(new FindAccounts(others), ct)).Accounts;
        var acting = accounts.Where(account => account is { EmailConfirmed: true, HasSignedIn: true });
        return [.. await db.FilterConnectedAsync(bus, groupId, [.. acting.Select(account => account.UserId)], ct)];
    }

    /// <summary>Whether the group would be left without an owner who can act. The caller has locked it.</summary>
    /// <param name="others">Those who could act before the lock.</param>
    public static async Task<bool> IsLastOwnerAsync(
        this GroupsDbContext db,
        Membership owner,
        List<Guid> others,
        CancellationToken ct
    ) =>
        owner is { IsOwner: true, IsActive: true }
        && !await db.ActiveOwners(owner.GroupId).AnyAsync(other => others.Contains(other.UserId), ct);
}
