using Microsoft.EntityFrameworkCore;
using Practice.Groups.Domain;
using Practice.Shared.Persistence;

namespace Practice.Groups.Data;

/// <summary>
/// Locks until the end of the transaction. Slices that change a group's people use <see cref="ForUpdate"/>.
/// </summary>
internal static class Locks
{
    /// <summary>
    /// Locks the group's row, so that changes to its people happen one after the other: what a guard has checked holds
    /// until the commit.
    /// </summary>
    public static Task<Group> LockGroupAsync(this GroupsDbContext db, Guid groupId, CancellationToken ct) =>
        db.Groups.FromSql($"select *, xmin from groups.groups where id = {groupId} for update").SingleAsync(ct);

    /// <summary>Serializes what one person does that is counted.</summary>
    public static Task LockPersonAsync(this GroupsDbContext db, Guid userId, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.GroupPerson, userId.ToString(), ct);
}
