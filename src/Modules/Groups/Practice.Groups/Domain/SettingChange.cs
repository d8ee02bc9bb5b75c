namespace Practice.Groups.Domain;

/// <summary>A setting that differs between two accesses.</summary>
internal sealed record SettingChange(string Setting, bool Before, bool After)
{
    public static IReadOnlyList<SettingChange> Between(Access before, Access after)
    {
        var (was, becomes) = (AccessLevels.Describe(before), AccessLevels.Describe(after));
        return
        [
            .. becomes
                .Where(setting => was[setting.Key] != setting.Value)
                .Select(setting => new SettingChange(setting.Key, was[setting.Key], setting.Value)),
        ];
    }
}
