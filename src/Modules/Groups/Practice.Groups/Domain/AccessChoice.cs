namespace Practice.Groups.Domain;

/// <summary>A member's access as chosen: a level, and the settings that differ from its preset.</summary>
/// <param name="Level">
/// The preset. With <paramref name="OwnLevelId"/> it is the one that has least: the settings are stored as switched
/// against that, so that the access is known without reading the group's level.
/// </param>
public readonly record struct AccessChoice(
    AccessLevel Level,
    Access SwitchedOn,
    Access SwitchedOff,
    Guid? OwnLevelId = null
)
{
    /// <param name="settings">
    /// Settings by name; null for the level alone. Those equal to the level are dropped.
    /// </param>
    internal static AccessChoice Of(Level level, IReadOnlyDictionary<string, bool>? settings)
    {
        Access on = Access.None,
            off = Access.None;
        foreach (var (name, value) in settings ?? new Dictionary<string, bool>())
        {
            if (value)
                on |= AccessLevels.Settings[name];
            else
                off |= AccessLevels.Settings[name];
        }

        return new AccessChoice(level.Preset, Access.None, Access.None, level.OwnId).With(
            level.RoleType,
            (level.Settings | on) & ~off
        );
    }

    internal Access Effective(RoleType roleType) => (AccessLevels.Preset(roleType, Level) | SwitchedOn) & ~SwitchedOff;

    internal AccessLevelId IdFor(RoleType roleType) => AccessLevelId.Of(roleType, Level, OwnLevelId);

    /// <summary>The same level with another effective access.</summary>
    internal AccessChoice With(RoleType roleType, Access effective)
    {
        var preset = AccessLevels.Preset(roleType, Level);
        return this with { SwitchedOn = effective & ~preset, SwitchedOff = preset & ~effective };
    }

    /// <summary>The settings that differ from the level, by name.</summary>
    internal IReadOnlyDictionary<string, bool> Switches(Level level)
    {
        var effective = Effective(level.RoleType);
        return AccessLevels
            .Settings.Where(setting => (effective ^ level.Settings).HasFlag(setting.Value))
            .ToDictionary(setting => setting.Key, setting => effective.HasFlag(setting.Value));
    }
}
