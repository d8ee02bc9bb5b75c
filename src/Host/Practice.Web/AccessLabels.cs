using Practice.Client;

namespace Practice.Web;

/// <summary>Labels of access levels and settings.</summary>
internal static class AccessLabels
{
    /// <summary>The settings that restrict access; off in every level.</summary>
    private static readonly Dictionary<string, (string Label, string Hint)> Restrictions = new()
    {
        ["restrictToAssignedLocations"] = (
            "Only the locations they are assigned to",
            "Limits everything above. Without an assigned location they see nothing."
        ),
        ["hidePatientNames"] = (
            "Codes instead of patients' names",
            "For people who do not need to know who the patients are."
        ),
        ["readOnly"] = ("Read only", "They can see everything above, but change nothing."),
    };

    private static readonly Dictionary<string, string> Grants = new()
    {
        ["othersPatients"] = "See patients other than their own",
        ["othersCalendars"] = "See and edit other people's appointments",
        ["othersInvoices"] = "See and edit other people's invoices",
        ["othersClinicalRecords"] = "See other people's clinical records",
        ["financialReports"] = "Financial reports of the whole practice",
        ["exportData"] = "Export records",
        ["manageUsers"] = "Add, edit and deactivate users",
        ["manageLocations"] = "Create, edit and archive locations, and assign users to them",
    };

    public static bool IsRestriction(string setting) => Restrictions.ContainsKey(setting);

    /// <summary>What a change of a setting means to the person.</summary>
    public static string Of(SettingChange change) =>
        (change.After, IsRestriction(change.Setting)) switch
        {
            (true, false) => "New",
            (false, false) => "No longer",
            (true, true) => "Restricted",
            _ => "Removed",
        };

    public static string PillClass(SettingChange change) =>
        change.After == IsRestriction(change.Setting) ? "bad" : "good";

    /// <summary>A setting without a label here is shown by its name in the API.</summary>
    public static string Label(string setting) =>
        Grants.TryGetValue(setting, out var grant) ? grant
        : Restrictions.TryGetValue(setting, out var restriction) ? restriction.Label
        : setting;

    public static string? Hint(string setting) =>
        Restrictions.TryGetValue(setting, out var restriction) ? restriction.Hint : null;

    /// <summary>What the level gives access to.</summary>
    public static string Summary(RoleType roleType, AccessLevel level) =>
        (roleType, level) switch
        {
            (_, AccessLevel.Personal) => "Their own patients, calendar, invoices and clinical records only.",
            (_, AccessLevel.Contact) => "All patients, calendars and invoices. Clinical records: only their own.",
            (_, AccessLevel.Clinical) => "Like Contact, plus other people's clinical records.",
            (_, AccessLevel.Reception) => "All patients and calendars. No invoices, no clinical records.",
            (_, AccessLevel.Billing) => "All patients, calendars, invoices and financial reports. No clinical records.",
            (_, AccessLevel.Manager) => "Like Billing, plus export, users and locations. No clinical records.",
            (RoleType.Practitioner, AccessLevel.Full) => "Everything, including reports, export, users and locations.",
            _ => "Everything, including clinical records.",
        };

    /// <summary>Names a preset; an own level has its name in the practice alone.</summary>
    public static string AfterRoleType(string level) =>
        Enum.TryParse<AccessLevel>(level, ignoreCase: true, out var preset) ? $", {preset}" : "";

    /// <summary>The settings that a level of the practice's own turns on.</summary>
    public static string Summary(IDictionary<string, bool> settings)
    {
        var on = settings
            .Where(setting => setting.Value)
            .OrderBy(setting => IsRestriction(setting.Key))
            .Select(setting => Label(setting.Key))
            .ToList();
        return on.Count == 0 ? "Only what is their own." : $"{string.Join(". ", on)}.";
    }

    /// <summary>
    /// Whether a person with this access cannot give the setting to others: they lack it, or are restricted themselves.
    /// </summary>
    public static bool IsBeyond(IDictionary<string, bool> own, string setting) =>
        own.TryGetValue(setting, out var on) && (IsRestriction(setting) ? on : !on);

    /// <summary>Whether the first access holds nothing that the second one lacks.</summary>
    public static bool IsWithin(IDictionary<string, bool>? held, IDictionary<string, bool> own) =>
        held is null || held.All(setting => !IsBeyond(own, setting.Key) || setting.Value == IsRestriction(setting.Key));
}
