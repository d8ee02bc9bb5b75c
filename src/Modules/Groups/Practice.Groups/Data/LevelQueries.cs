using Microsoft.EntityFrameworkCore;
using Practice.Groups.Domain;

namespace Practice.Groups.Data;

internal static class LevelQueries
{
    /// <summary>
    /// Reads the own levels among these, once for all; presets need no query. Where access is given, the group is
    /// locked before: no level changes in between.
    /// </summary>
    public static async Task<KnownLevels> FindLevelsAsync(
        this GroupsDbContext db,
        Guid groupId,
        IEnumerable<AccessLevelId> ids,
        CancellationToken ct
    )
    {
        var own = ids.Where(id => id.Own is not null).Select(id => id.Own!.Value).Distinct().ToList();
        return own.Count == 0
            ? KnownLevels.None
            : new(
                await db
                    .AccessLevels.AsNoTracking()
                    .Where(level => level.GroupId == groupId && own.Contains(level.Id))
                    .ToListAsync(ct)
            );
    }

    /// <summary>
    /// As <see cref="ForUpdate.GetForUpdateAsync"/>, and one of the group's own levels, which the caller may define.
    /// </summary>
    public static async Task<ErrorOr<(Group Group, Membership Actor, OwnAccessLevel Level)>> GetLevelForUpdateAsync(
        this GroupsDbContext db,
        Guid groupId,
        Guid levelId,
        Caller caller,
        CancellationToken ct
    )
    {
        var locked = await db.GetForUpdateAsync(groupId, caller, Access.ManageUsers, ct);
        if (locked.IsError)
            return locked.Errors;
        var (group, actor) = locked.Value;
        if (
            await db.AccessLevels.SingleOrDefaultAsync(l => l.GroupId == groupId && l.Id == levelId, ct)
            is not { } level
        )
            return CommonErrors.NotFound;
        return actor.MayDefine(level.Settings) ? (group, actor, level) : GroupErrors.BeyondOwnAccess;
    }

    /// <summary>Whether another level that is not archived has this name, or a preset. The group is locked.</summary>
    public static async Task<bool> IsLevelNameTakenAsync(
        this GroupsDbContext db,
        Guid groupId,
        Guid levelId,
        string name,
        CancellationToken ct
    ) =>
        Enum.GetNames<AccessLevel>().Contains(name.Trim(), StringComparer.OrdinalIgnoreCase)
        // As the index compares them.
        || await db
            .AccessLevels.FromSql(
                $"""
                select *, xmin from groups.access_levels
                where group_id = {groupId} and archived_at is null
                  and lower(name) = lower({name.Trim()} collate "und-x-icu")
                """
            )
            .AnyAsync(level => level.Id != levelId, ct);
}
