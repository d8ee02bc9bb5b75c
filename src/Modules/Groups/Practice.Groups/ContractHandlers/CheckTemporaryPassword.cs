using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.ContractHandlers;

public static class CheckTemporaryPasswordHandler
{
    public static async Task<TemporaryPasswordCheck> Handle(
        CheckTemporaryPassword query,
        GroupsDbContext db,
        CancellationToken ct
    ) =>
        new(
            await db.FindMemberAsync(query.GroupId, query.SetBy, ct) is { IsActive: true } actor
                && await db.FindMemberAsync(query.GroupId, query.UserId, ct) is { IsActive: true } member
                && actor.MayChange(Access.ManageUsers)
                && actor.MayManage(member)
        );
}
