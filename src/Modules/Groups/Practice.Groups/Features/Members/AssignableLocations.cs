using Practice.Contracts.Locations;
using Practice.Groups.Domain;

namespace Practice.Groups.Features.Members;

internal static class AssignableLocations
{
    /// <summary>Asks Locations whether all of these are the group's and take assignments.</summary>
    public static async Task<Error?> RefuseLocationsAsync(
        this Commands commands,
        Guid groupId,
        IReadOnlyList<Guid> locationIds,
        CancellationToken ct
    )
    {
        if (locationIds.Count == 0)
            return null;
        var found = (await commands.Ask(new FindLocations(groupId, locationIds), ct)).Locations;
        return !locationIds.All(id => found.Any(location => location.LocationId == id)) ? GroupRefusals.UnknownLocation
            : found.Any(location => location.Archived) ? GroupRefusals.ArchivedLocation
            : null;
    }
}
