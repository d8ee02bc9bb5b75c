using Microsoft.EntityFrameworkCore;
using Practice.Locations.Domain;

namespace Practice.Locations.Data;

/// <summary>Reads that make others wait, so that what is decided on them still holds when it is saved.</summary>
internal static class LocationLocks
{
    /// <summary>One location of the group, or null where the caller sees none such.</summary>
    public static async Task<Location?> Lock(
        this DbSet<Location> locations,
        Guid groupId,
        Guid locationId,
        CancellationToken ct
    ) =>
        (
            await locations
                .FromSql(
                    $"select *, xmin from locations.locations where group_id = {groupId} and id = {locationId} for update"
                )
                .ToListAsync(ct)
        ).SingleOrDefault();

    /// <summary>All locations of the group, locked in one order so that two callers wait for each other instead of deadlocking.</summary>
    public static Task<List<Location>> LockGroup(this DbSet<Location> locations, Guid groupId, CancellationToken ct) =>
        locations
            .FromSql($"select *, xmin from locations.locations where group_id = {groupId} order by id for update")
            .ToListAsync(ct);
}
