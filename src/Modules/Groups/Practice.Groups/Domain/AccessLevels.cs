namespace Practice.Groups.Domain;

public enum RoleType
{
    /// <summary>Sees patients.</summary>
    Practitioner,

    /// <summary>Does not see patients.</summary>
    Administrator,
}

/// <summary>
/// A named preset of access settings. <see cref="AccessLevels"/> says what it sets, and for which role types.
/// </summary>
public enum AccessLevel
{
    Personal,
    Contact,
    Clinical,
    Full,
    Reception,
    Billing,
    Manager,
}

/// <summary>The access catalogue: what each level sets, and the names of the settings.</summary>
internal static class AccessLevels
{
    /// <summary>The settings that restrict access instead of giving it. They are off in every preset.</summary>
    public const Access Restrictions = Access.RestrictToAssignedLocations | Access.HidePatientNames | Access.ReadOnly;

    public const Access Everything =
        Access.OthersPatients
        | Access.OthersCalendars
        | Access.OthersInvoices
        | Access.OthersClinicalRecords
        | Access.FinancialReports
        | Access.ExportData
        | Access.ManageUsers
        | Access.ManageLocations;

    private const Access Contact = Access.OthersPatients | Access.OthersCalendars | Access.OthersInvoices;
    private const Access Reception = Access.OthersPatients | Access.OthersCalendars;
    private const Access Billing = Reception | Access.OthersInvoices | Access.FinancialReports;

    private static readonly Dictionary<(RoleType RoleType, AccessLevel Level), Access> Presets = new()
    {
        [(RoleType.Practitioner, AccessLevel.Personal)] = Access.None,
        [(RoleType.Practitioner, AccessLevel.Contact)] = Contact,
        [(RoleType.Practitioner, AccessLevel.Clinical)] = Contact | Access.OthersClinicalRecords,
        [(RoleType.Practitioner, AccessLevel.Full)] = Everything,
        [(RoleType.Administrator, AccessLevel.Reception)] = Reception,
        [(RoleType.Administrator, AccessLevel.Billing)] = Billing,
        [(RoleType.Administrator, AccessLevel.Manager)] =
            Billing | Access.ManageUsers | Access.ManageLocations | Access.ExportData,
        [(RoleType.Administrator, AccessLevel.Full)] = Everything,
    };

    /// <summary>Every setting by its name in the API.</summary>
    public static IReadOnlyDictionary<string, Access> Settings { get; } =
        Enum.GetValues<Access>()
            .Where(setting => setting is not (Access.None or Access.Owner or Access.ApiClient))
            .ToDictionary(setting => setting.ToCode());

    public static IEnumerable<(RoleType RoleType, AccessLevel Level, Access Preset)> All =>
        Presets.Select(preset => (preset.Key.RoleType, preset.Key.Level, preset.Value));

    public static bool IsFor(this AccessLevel level, RoleType roleType) => Presets.ContainsKey((roleType, level));

    /// <summary>The preset of a role type that gives least. Members with an own level are stored with it.</summary>
    public static AccessLevel BaseOf(RoleType roleType) =>
        roleType == RoleType.Practitioner ? AccessLevel.Personal : AccessLevel.Reception;

    public static Access Preset(RoleType roleType, AccessLevel level) => Presets[(roleType, level)];

    /// <summary>The settings that are on; those without a value are off.</summary>
    public static Access Read(IReadOnlyDictionary<string, bool> settings) =>
        settings
            .Where(setting => setting.Value)
            .Aggregate(Access.None, (access, setting) => access | Settings[setting.Key]);

    /// <summary>Every setting with whether it is on.</summary>
    public static IReadOnlyDictionary<string, bool> Describe(Access access) =>
        Settings.ToDictionary(setting => setting.Key, setting => access.HasFlag(setting.Value));

    /// <summary>
    /// Whether <paramref name="access"/> stays within <paramref name="holder"/>: it allows nothing that the holder may
    /// not do, and lifts no restriction that the holder has.
    /// </summary>
    public static bool IsWithin(this Access access, Access holder) =>
        (access & ~Restrictions & ~holder) == 0 && (holder & Restrictions & ~access) == 0;

    /// <summary>What of it is within <paramref name="holder"/>.</summary>
    public static Access Within(this Access access, Access holder) =>
        (access & holder & ~Restrictions) | ((access | holder) & Restrictions);
}
