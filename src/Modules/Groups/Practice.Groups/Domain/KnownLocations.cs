using Practice.Contracts.Locations;

namespace Practice.Groups.Domain;

/// <summary>
/// Locations of the group, as the Locations module described them before the group was locked. Locations are never
/// deleted, only archived, and one archived since then is the same as one archived right after the change.
/// </summary>
internal sealed class KnownLocations(IReadOnlyList<LocationFacts> locations)
{
    public static KnownLocations None { get; } = new([]);

    private readonly Dictionary<Guid, LocationFacts> _byId = locations.ToDictionary(location => location.LocationId);

    /// <summary>Why these cannot be assigned; null if all of them can.</summary>
    public Error? WhyNotAssignable(IReadOnlyCollection<Guid> locationIds) =>
        !locationIds.All(_byId.ContainsKey) ? LocationErrors.Unknown
        : locationIds.Any(IsArchived) ? LocationErrors.Archived
        : null;

    /// <summary>
    /// Whether it was archived. False for a location that was not asked for: it was put on the member or the invitation
    /// since, and that change has checked it.
    /// </summary>
    public bool IsArchived(Guid locationId) => _byId.TryGetValue(locationId, out var location) && location.Archived;
}
