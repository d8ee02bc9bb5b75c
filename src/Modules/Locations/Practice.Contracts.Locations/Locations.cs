using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.Locations;

/// <summary>The group's locations with these ids. The answer leaves out ids that the group does not have.</summary>
public sealed record FindLocations(Guid GroupId, IReadOnlyList<Guid> LocationIds)
    : Message,
        IQuery<LocationsAnswer>,
        IInGroup;

/// <summary>All locations of the group, archived ones included.</summary>
public sealed record ListLocations(Guid GroupId) : Message, IQuery<LocationsAnswer>, IInGroup;

public sealed record LocationsAnswer(IReadOnlyList<LocationFacts> Locations);

/// <param name="Archived">Nobody can be assigned to an archived location.</param>
/// <param name="TimeZone">An IANA time zone.</param>
/// <param name="Hours">When it is open, in order; null where nobody has entered it, empty where it is closed.</param>
public sealed record LocationFacts(
    Guid LocationId,
    string Name,
    bool Archived,
    string TimeZone,
    IReadOnlyList<OpenStretch>? Hours = null
);

/// <summary>Open hours of one day of the week, as minutes since midnight on the location's clocks.</summary>
/// <param name="Day">From 0 for Sunday, as <see cref="DayOfWeek"/> counts.</param>
/// <param name="ClosesAt">1440 for one that lasts to the end of the day.</param>
public sealed record OpenStretch(int Day, int OpensAt, int ClosesAt);

/// <summary>
/// Creates the first location of a group that is about to be created. Repeating it with the same id changes nothing.
/// </summary>
/// <param name="TimeZone">An IANA time zone; any other is an error, <c>locations.unknown_time_zone</c>.</param>
public sealed record AddFirstLocation(Guid GroupId, Guid LocationId, string Name, string TimeZone)
    : Message,
        ICommand<FirstLocationAdded>,
        IInGroup;

public sealed record FirstLocationAdded(Guid LocationId);

/// <summary>A location is closed for new work. Its history stays.</summary>
public sealed record LocationArchived(Guid GroupId, Guid LocationId) : Message, IEvent, IInGroup;

/// <summary>A location has another name or time zone.</summary>
public sealed record LocationRenamed(Guid GroupId, Guid LocationId) : Message, IEvent, IInGroup;

/// <summary>A location was added, changed or restored.</summary>
public sealed record LocationChanged(
    Guid GroupId,
    Guid LocationId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<LocationStep>))] LocationStep Step
) : Message, IForWebhooks;

/// <summary>What happened to a location. Stored messages hold the names in quotes: they never change.</summary>
public enum LocationStep
{
    [JsonStringEnumMemberName("created")]
    Created,

    [JsonStringEnumMemberName("changed")]
    Changed,

    [JsonStringEnumMemberName("restored")]
    Restored,
}
