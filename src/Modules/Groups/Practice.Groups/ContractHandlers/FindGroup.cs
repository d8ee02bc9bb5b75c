using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Groups.Data;
using Practice.Groups.Domain;

namespace Practice.Groups.ContractHandlers;

public static class FindGroupHandler
{
    public static async Task<GroupAnswer> Handle(FindGroup query, GroupsDbContext db, CancellationToken ct) =>
        new(
            await db
                .Groups.AsNoTracking()
                .Where(group => group.Id == query.GroupId)
                .Select(group => new GroupFacts(group.Id, group.Name))
                .SingleOrDefaultAsync(ct)
        );
}

public static class FindMembersHandler
{
    public static async Task<MembersAnswer> Handle(FindMembers query, GroupsDbContext db, CancellationToken ct) =>
        new(
            await db
                .Memberships.AsNoTracking()
                .Where(member => member.GroupId == query.GroupId && query.UserIds.Contains(member.UserId))
                .Select(member => new MemberFacts(
                    member.UserId,
                    (member.Title == null ? "" : member.Title + " ") + member.FirstName + " " + member.LastName,
                    member.RoleType == RoleType.Practitioner,
                    member.Status == MemberStatus.Active
                ))
                .ToListAsync(ct)
        );
}
