using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;

namespace Practice.Groups.EventHandlers;

/// <summary>Keeps each group's copy of a member's name and email at what the account says.</summary>
public static class FollowAccountHandler
{
    public static async Task Handle(
        AccountChanged changed,
        GroupsDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        var groups = await db
            .Database.SqlQuery<Guid>($"select authority.groups_of({changed.UserId}) as \"Value\" order by 1")
            .ToListAsync(ct);
        foreach (var groupId in groups)
        {
            using var asSystem = work.ActAsSystemIn(groupId);
            await db.FollowAccountAsync(groupId, changed.UserId, bus, ct);
            await db.SaveChangesAsync(ct);
        }
    }
}

/// <summary>Looks once more after joining: a change made while the membership was being committed has not seen it.</summary>
public static class FollowAccountOnMemberJoinedHandler
{
    public static Task Handle(MemberJoined joined, GroupsDbContext db, IModuleBus bus, CancellationToken ct) =>
        db.FollowAccountAsync(joined.GroupId, joined.UserId, bus, ct);
}

internal static class AccountCopies
{
    /// <summary>
    /// Asks what the account says now, with the group locked, rather than trust the event: events may come in another order than
    /// they were made, and somebody may be changing the member at this moment.
    /// </summary>
    public static async Task FollowAccountAsync(
        this GroupsDbContext db,
        Guid groupId,
        Guid userId,
        IModuleBus bus,
        CancellationToken ct
    )
    {
        await db.LockGroupAsync(groupId, ct);
        if (
            await db.FindMemberAsync(groupId, userId, ct) is { } member
            && (await bus.QueryAsync(new FindAccount(userId), ct)).Account is { } account
        )
            member.FollowAccount(account.Email, account.Title, account.FirstName, account.LastName);
    }
}
