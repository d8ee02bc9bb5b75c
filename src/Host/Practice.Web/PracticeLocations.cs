using Practice.Client;

namespace Practice.Web;

/// <summary>The locations of a practice that the person can see: their names and time zones.</summary>
public sealed class PracticeLocations(IReadOnlyList<LocationView> all)
{
    public static async Task<PracticeLocations> ReadAsync(PracticeApi api, Guid groupId) =>
        new(await api.AllLocationsAsync(groupId));

    /// <summary>Those that are not archived.</summary>
    public IReadOnlyList<LocationView> Open { get; } = [.. all.Open()];

    /// <summary>Null where there are several, or none.</summary>
    public Guid? OnlyOne => Open.Count == 1 ? Open[0].Id : null;

    public IEnumerable<(string Value, string Text)> Choices =>
        Open.Select(location =>
            (location.Id.ToString(), HaveOneZone ? location.Name : $"{location.Name} ({location.TimeZone})")
        );

    /// <summary>The open locations, and the stored one even if it is archived.</summary>
    public IEnumerable<(string Value, string Text)> ChoicesWith(Guid? chosen) =>
        Find(chosen) is { Status: LocationStatus.Archived } archived
            ? [.. Choices, (archived.Id.ToString(), $"{archived.Name} (archived)")]
            : Choices;

    /// <summary>Whether all locations are in the same time zone: appointments are at archived ones too.</summary>
    public bool HaveOneZone => all.Select(location => location.TimeZone).Distinct().Count() < 2;

    public LocationView? Find(Guid? id) => all.FirstOrDefault(location => location.Id == id);

    public string? NameOf(Guid? id) => Find(id)?.Name;

    /// <summary>A time at the location, with the zone's name where the locations have several.</summary>
    public string TimeText(DateTimeOffset at, Guid? locationId) =>
        HaveOneZone ? DateFormat.Text(at, ZoneOf(locationId)) : DateFormat.WithZone(at, ZoneOf(locationId));

    /// <summary>The location's time zone; without a location, the practice's.</summary>
    public string ZoneOf(Guid? id) => Find(id)?.TimeZone ?? all.TimeZone();
}
