using Practice.Messages;

namespace Practice.Contracts.Locations;

/// <summary>Which of these locations the group has; ids it doesn't have are missing from the answer.</summary>
public sealed record FindLocations(Guid GroupId, IReadOnlyList<Guid> LocationIds)
    : Message,
        IQuery<LocationsAnswer>,
        IInGroup;

/// <summary>All locations of the group, archived ones included.</summary>
public sealed record ListLocations(Guid GroupId) : Message, IQuery<LocationsAnswer>, IInGroup;

public sealed record LocationsAnswer(IReadOnlyList<LocationFacts> Locations);

/// <param name="Archived">Archived locations take no assignment.</param>
/// <param name="TimeZone">An IANA time zone.</param>
public sealed record LocationFacts(Guid LocationId, string Name, bool Archived, string TimeZone);

/// <summary>Makes the first location of a group that is about to be created. Repeating it with the same id changes nothing.</summary>
/// <param name="TimeZone">An IANA time zone; <c>locations.unknown_time_zone</c> where it is none.</param>
public sealed record AddFirstLocation(Guid GroupId, Guid LocationId, string Name, string TimeZone)
    : Message,
        ICommand<FirstLocationAdded>,
        IInGroup;

public sealed record FirstLocationAdded(Guid LocationId);

/// <summary>A location takes no more work; its history stays.</summary>
public sealed record LocationArchived(Guid GroupId, Guid LocationId) : Message, IEvent, IInGroup;
