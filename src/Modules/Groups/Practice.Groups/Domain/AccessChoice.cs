namespace Practice.Groups.Domain;

/// <summary>A member's access as chosen: a level, and the settings that differ from its preset.</summary>
public readonly record struct AccessChoice(AccessLevel Level, Access SwitchedOn, Access SwitchedOff)
{
    /// <param name="settings">
    /// Settings by name; null for the preset alone. Those equal to the preset are dropped.
    /// </param>
    internal static AccessChoice Of(RoleType roleType, AccessLevel level, IReadOnlyDictionary<string, bool>? settings)
    {
        var preset = AccessLevels.Preset(roleType, level);
        Access on = Access.None,
            off = Access.None;
        foreach (var (name, value) in settings ?? new Dictionary<string, bool>())
        {
            if (value)
                on |= AccessLevels.Settings[name];
            else
                off |= AccessLevels.Settings[name];
        }

        return new AccessChoice(level, on & ~preset, off & preset);
    }

    internal Access Effective(RoleType roleType) => (AccessLevels.Preset(roleType, Level) | SwitchedOn) & ~SwitchedOff;

    /// <summary>The settings that differ from the preset, by name.</summary>
    internal IReadOnlyDictionary<string, bool> Switches()
    {
        var (on, off) = (SwitchedOn, SwitchedOff);
        return AccessLevels
            .Settings.Where(setting => (on | off).HasFlag(setting.Value))
            .ToDictionary(setting => setting.Key, setting => on.HasFlag(setting.Value));
    }
}
