using Microsoft.EntityFrameworkCore;
using Practice.Locations.Domain;

namespace Practice.Locations.Data;

/// <summary>Reads that lock the rows, so that a decision based on them still holds when it is saved.</summary>
internal static class Locks
{
    /// <summary>One location of the group; null if there is none that the caller may see.</summary>
    public static async Task<Location?> LockLocationAsync(
        this LocationsDbContext db,
        Guid groupId,
        Guid locationId,
        CancellationToken ct
    ) =>
        (
            await db
                .Locations.FromSql(
                    $"""
                    select *, xmin from locations.locations where group_id = {groupId} and id = {locationId} for update
                    """
                )
                .ToListAsync(ct)
        ).SingleOrDefault();

    /// <summary>
    /// All locations of the group. They are locked in one order, so that two callers cannot deadlock.
    /// </summary>
    public static Task<List<Location>> LockLocationsAsync(
        this LocationsDbContext db,
        Guid groupId,
        CancellationToken ct
    ) =>
        db
            .Locations.FromSql(
                $"select *, xmin from locations.locations where group_id = {groupId} order by id for update"
            )
            .ToListAsync(ct);
}
