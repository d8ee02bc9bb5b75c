using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Groups.Data;

namespace Practice.Groups.Reactions;

/// <summary>Keeps each group's copy of a member's name and email at what the account says.</summary>
public static class FollowAccountHandler
{
    public static async Task Handle(AccountChanged changed, GroupsDbContext db, UnitOfWork work, CancellationToken ct)
    {
        var groups = await db.Database.SqlQuery<Guid>($"select authority.groups_of({changed.UserId}) as \"Value\"").ToListAsync(ct);
        foreach (var groupId in groups)
        {
            await work.EnterGroupAsync(groupId, ct);
            var member = await db.FindMemberAsync(groupId, changed.UserId, ct);
            member?.FollowAccount(changed.Email, changed.Title, changed.FirstName, changed.LastName);
            await db.SaveChangesAsync(ct);      // while this group is the one entered
        }
    }
}
