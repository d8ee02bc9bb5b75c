using Practice.Client;

namespace Practice.Web;

/// <summary>The locations of a practice that the person sees, for their names and their clocks.</summary>
public sealed class Places(IReadOnlyList<LocationView> all)
{
    public static async Task<Places> ReadAsync(PracticeApi api, Guid groupId) =>
        new(await api.AllLocationsAsync(groupId));

    /// <summary>Those that take work.</summary>
    public IReadOnlyList<LocationView> Open { get; } = [.. all.Open()];

    public IEnumerable<(string Value, string Text)> Choices =>
        Open.Select(location =>
            (location.Id.ToString(), HaveOneClock ? location.Name : $"{location.Name} ({location.TimeZone})")
        );

    /// <summary>The same, with one chosen before that takes no more work.</summary>
    public IEnumerable<(string Value, string Text)> ChoicesWith(Guid? chosen) =>
        Find(chosen) is { Status: LocationStatus.Archived } archived
            ? [.. Choices, (archived.Id.ToString(), $"{archived.Name} (archived)")]
            : Choices;

    /// <summary>Whether clocks show the same at all of them.</summary>
    public bool HaveOneClock => Open.Select(location => location.TimeZone).Distinct().Count() < 2;

    public LocationView? Find(Guid? id) => all.FirstOrDefault(location => location.Id == id);

    public string? NameOf(Guid? id) => Find(id)?.Name;

    /// <summary>Of the location, or where there is none the practice's own.</summary>
    public string ZoneOf(Guid? id) => Find(id)?.TimeZone ?? all.TimeZone();
}
