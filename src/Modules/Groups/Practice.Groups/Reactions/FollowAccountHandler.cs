using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Users;
using Practice.Groups.Data;

namespace Practice.Groups.Reactions;

/// <summary>Keeps each group's copy of a member's name and email at what the account says.</summary>
public static class FollowAccountHandler
{
    public static async Task Handle(
        AccountChanged changed,
        GroupsDbContext db,
        UnitOfWork work,
        Commands commands,
        CancellationToken ct
    )
    {
        var groups = await db
            .Database.SqlQuery<Guid>($"select authority.groups_of({changed.UserId}) as \"Value\" order by 1")
            .ToListAsync(ct);
        foreach (var groupId in groups)
        {
            await work.EnterGroupAsync(groupId, ct);
            await db.FollowAccountAsync(groupId, changed.UserId, commands, ct);
            await db.SaveChangesAsync(ct); // while this group is the one entered
        }
    }
}

/// <summary>Looks once more after joining: a change made while the membership was being committed has not seen it.</summary>
public static class FollowAccountOnMemberJoinedHandler
{
    public static Task Handle(MemberJoined joined, GroupsDbContext db, Commands commands, CancellationToken ct) =>
        db.FollowAccountAsync(joined.GroupId, joined.UserId, commands, ct);
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
        Commands commands,
        CancellationToken ct
    )
    {
        await db.LockGroupAsync(groupId, ct);
        if (
            await db.FindMemberAsync(groupId, userId, ct) is { } member
            && (await commands.Ask(new FindAccount(userId), ct)).Account is { } account
        )
            member.FollowAccount(account.Email, account.Title, account.FirstName, account.LastName);
    }
}
