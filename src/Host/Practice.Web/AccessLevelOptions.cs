using Practice.Client;

namespace Practice.Web;

/// <summary>A level that a form offers: a preset, or one of the practice's own.</summary>
/// <param name="Code">What the API takes: the preset's name, or the own level's id.</param>
/// <param name="Settings">Every setting, and whether the level turns it on.</param>
/// <param name="Archived">Offered only to who has it already.</param>
public sealed record AccessLevelOption(
    string Code,
    string Name,
    string Summary,
    RoleType RoleType,
    IDictionary<string, bool> Settings,
    bool Archived = false
)
{
    /// <summary>Whether a member or an invitation has this level. The names of presets differ in their case.</summary>
    public bool Is(string? stored) => Code.Equals(stored, StringComparison.OrdinalIgnoreCase);
}

internal static class AccessLevelOptions
{
    private const int MaxPageSize = 200;

    /// <summary>The presets, then the practice's own levels by name, archived ones too.</summary>
    public static async Task<IReadOnlyList<AccessLevelOption>> AllAccessLevelsAsync(this PracticeApi api, Guid groupId)
    {
        var page = (await api.ListGroupAccessLevelsAsync(groupId, limit: MaxPageSize)).Result;
        List<AccessLevelOption> levels =
        [
            .. page.Presets.Select(preset => new AccessLevelOption(
                preset.Code.ToString(),
                preset.Code.ToString(),
                AccessLabels.Summary(preset.RoleType, preset.Code),
                preset.RoleType,
                preset.Settings
            )),
            .. page.Items.Select(Of),
        ];
        while (page.Next is { } next)
        {
            page = (await api.ListGroupAccessLevelsAsync(groupId, limit: MaxPageSize, after: next)).Result;
            levels.AddRange(page.Items.Select(Of));
        }

        return levels;
    }

    /// <summary>The level's name, of a preset or an own one.</summary>
    public static string NameOf(this IReadOnlyList<AccessLevelOption> levels, string code) =>
        Find(levels, code)?.Name ?? code;

    public static string SummaryOf(this IReadOnlyList<AccessLevelOption> levels, RoleType roleType, string code) =>
        levels.FirstOrDefault(level => level.RoleType == roleType && level.Is(code))?.Summary ?? "";

    private static AccessLevelOption? Find(IReadOnlyList<AccessLevelOption> levels, string code) =>
        levels.FirstOrDefault(level => level.Is(code));

    private static AccessLevelOption Of(OwnAccessLevelView own) =>
        new(own.Id.ToString(), own.Name, AccessLabels.Summary(own.Settings), own.RoleType, own.Settings, own.Archived);
}
