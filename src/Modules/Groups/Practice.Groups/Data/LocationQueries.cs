using Practice.Contracts.Locations;
using Practice.Groups.Domain;

namespace Practice.Groups.Data;

internal static class LocationQueries
{
    /// <summary>Asks Locations about these of the group's locations. For before the group is locked.</summary>
    public static async Task<KnownLocations> FindLocationsAsync(
        this IModuleBus bus,
        Guid groupId,
        IReadOnlyList<Guid> locationIds,
        CancellationToken ct
    ) =>
        locationIds.Count == 0
            ? KnownLocations.None
            : new((await bus.QueryAsync(new FindLocations(groupId, locationIds), ct)).Locations);
}
