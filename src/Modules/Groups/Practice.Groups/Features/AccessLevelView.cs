using Practice.Groups.Domain;

namespace Practice.Groups.Features;

/// <summary>A level of the catalogue, with the settings that it sets.</summary>
internal sealed record AccessLevelView(
    AccessLevel Code,
    string Name,
    RoleType RoleType,
    IReadOnlyDictionary<string, bool> Settings
)
{
    public static IReadOnlyList<AccessLevelView> Presets { get; } =
    [
        .. AccessLevels.All.Select(level => new AccessLevelView(
            level.Level,
            NameOf(level.Level, level.RoleType),
            level.RoleType,
            AccessLevels.Describe(level.Preset)
        )),
    ];

    private static string NameOf(AccessLevel level, RoleType roleType) =>
        (level, roleType) switch
        {
            (AccessLevel.Personal, _) => "Personal: own records only",
            (AccessLevel.Contact, _) => "Contact: others' patients, calendars and invoices too",
            (AccessLevel.Clinical, _) => "Clinical: others' clinical records too",
            (AccessLevel.Full, RoleType.Practitioner) => "Full: everything",
            (AccessLevel.Reception, _) => "Reception: patients and calendars",
            (AccessLevel.Billing, _) => "Billing: invoices and reports too",
            (AccessLevel.Manager, _) => "Manager: users, locations and export too",
            (AccessLevel.Full, RoleType.Administrator) => "Full: everything, clinical records included",
            _ => throw new InvalidOperationException($"No name for the level {level} of the role type {roleType}."),
        };
}
