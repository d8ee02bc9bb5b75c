using Practice.Contracts.Locations;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

internal static class AssignableLocations
{
    /// <summary>Asks Locations whether all of these are the group's and take assignments.</summary>
    public static async Task<Error?> RefuseLocationsAsync(
        this IModuleBus bus,
        Guid groupId,
        IReadOnlyList<Guid> locationIds,
        CancellationToken ct
    )
    {
        if (locationIds.Count == 0)
            return null;
        var found = (await bus.QueryAsync(new FindLocations(groupId, locationIds), ct)).Locations;
        return !locationIds.All(id => found.Any(location => location.LocationId == id)) ? GroupErrors.UnknownLocation
            : found.Any(location => location.Archived) ? GroupErrors.ArchivedLocation
            : null;
    }
}
