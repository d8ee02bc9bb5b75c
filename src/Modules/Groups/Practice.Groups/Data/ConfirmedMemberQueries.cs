using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Groups.Domain;

namespace Practice.Groups.Data;

internal static class ConfirmedMemberQueries
{
    /// <summary>
    /// Which of these members have confirmed their email. It asks another module, so it comes before the lock, and only
    /// about those whose password somebody has set.
    /// </summary>
    public static async Task<ConfirmedMembers> FindConfirmedAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        Expression<Func<Membership, bool>> which,
        CancellationToken ct
    )
    {
        var asked = await db
            .Memberships.AsNoTracking()
            .Where(member => member.GroupId == groupId && member.PasswordSetBy != null)
            .Where(which)
            .Select(member => member.UserId)
            .ToListAsync(ct);
        if (asked.Count == 0)
            return ConfirmedMembers.None;
        var accounts = (await bus.QueryAsync(new FindAccounts(asked), ct)).Accounts;
        return new(accounts.Where(account => account.EmailConfirmed).Select(account => account.UserId));
    }

    public static Task<ConfirmedMembers> FindConfirmedAsync(
        this GroupsDbContext db,
        IModuleBus bus,
        Guid groupId,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken ct
    ) => db.FindConfirmedAsync(bus, groupId, member => userIds.Contains(member.UserId), ct);
}
