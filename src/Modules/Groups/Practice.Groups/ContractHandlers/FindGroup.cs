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
                .Select(group => new GroupFacts(
                    group.Id,
                    group.Name,
                    group.SharesRecords,
                    group.Address,
                    group.Phone,
                    group.BusinessNumber,
                    group.RemindersEnabled,
                    group.RemindersHoursBefore,
                    group.RemindsByText
                ))
                .SingleOrDefaultAsync(ct)
        );
}

public static class FindOwnersHandler
{
    public static async Task<OwnersAnswer> Handle(FindOwners query, GroupsDbContext db, CancellationToken ct) =>
        new(
            await db.ActiveOwners(query.GroupId)
                .OrderBy(member => member.UserId)
                .Select(member => member.UserId)
                .ToListAsync(ct)
        );
}

public static class FindMembersWhoMayHandler
{
    public static async Task<MembersWhoMayAnswer> Handle(
        FindMembersWhoMay query,
        GroupsDbContext db,
        CancellationToken ct
    ) =>
        new([
            .. (await db.FindActiveMembersAsync(query.GroupId, ct))
                .Where(member => member.IsCoveredBy(query))
                .Select(member => member.UserId),
        ]);

    private static bool IsCoveredBy(this Membership member, FindMembersWhoMay query) =>
        member.MayAssign(query.LocationIds)
        && !query.Without.Any(setting => member.Effective.HasFlag(AccessLevels.Settings[setting]))
        && query.Needs.All(need =>
            member.Effective.HasFlag(AccessLevels.Settings[need.Setting])
            || (
                need.OrThese.Contains(member.UserId)
                && (!need.OnlyPractitioners || member.RoleType == RoleType.Practitioner)
            )
        );
}

public static class FindMembersHandler
{
    /// <summary>An API client of the group counts as an administrator without locations: it may have written.</summary>
    public static async Task<MembersAnswer> Handle(FindMembers query, GroupsDbContext db, CancellationToken ct)
    {
        var members = await db
            .Memberships.AsNoTracking()
            .Where(member => member.GroupId == query.GroupId && query.UserIds.Contains(member.UserId))
            .Select(member => new MemberFacts(
                member.UserId,
                (member.Title == null ? "" : member.Title + " ") + member.FirstName + " " + member.LastName,
                member.RoleType == RoleType.Practitioner,
                member.Status == MemberStatus.Active,
                member.LocationIds,
                member.RegistrationNumber,
                false
            ))
            .ToListAsync(ct);
        var others = query.UserIds.Except(members.Select(member => member.UserId)).ToList();
        var clients = await db.FindClientNamesAsync(query.GroupId, others, ct);
        return new([
            .. members,
            .. clients.Select(client => new MemberFacts(client.Key, client.Value, false, true, [], IsClient: true)),
        ]);
    }
}
