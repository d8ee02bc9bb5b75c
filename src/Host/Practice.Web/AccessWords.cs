using Practice.Client;

namespace Practice.Web;

/// <summary>What levels, settings and the acts of the audit are called by people who have not read the API.</summary>
internal static class AccessWords
{
    /// <summary>The settings that narrow instead of open; off in every level.</summary>
    private static readonly Dictionary<string, (string Label, string Hint)> Restrictions = new()
    {
        ["restrictToAssignedLocations"] = (
            "Only the locations they are assigned to",
            "Narrows everything above. With no location assigned they see nothing."
        ),
        ["hidePatientNames"] = (
            "Codes instead of patients' names",
            "For people who need not know who the patients are."
        ),
        ["readOnly"] = ("May look, never change", "Everything above can be seen and nothing changed."),
    };

    private static readonly Dictionary<string, string> Openings = new()
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

    /// <summary>One that the API has and these words lack is called as the API calls it.</summary>
    public static string Label(string setting) =>
        Openings.TryGetValue(setting, out var opening) ? opening
        : Restrictions.TryGetValue(setting, out var restriction) ? restriction.Label
        : setting;

    public static string? Hint(string setting) =>
        Restrictions.TryGetValue(setting, out var restriction) ? restriction.Hint : null;

    /// <summary>What the level opens, in a sentence or two.</summary>
    public static string Summary(RoleType roleType, AccessLevel level) =>
        (roleType, level) switch
        {
            (_, AccessLevel.Personal) =>
                "Their own patients, calendar, invoices and clinical records. Nothing of anybody else's.",
            (_, AccessLevel.Contact) =>
                "Their own, and everybody's patients, calendars and invoices. No clinical records of others.",
            (_, AccessLevel.Clinical) => "As Contact, and other people's clinical records.",
            (_, AccessLevel.Reception) => "Everybody's patients and calendars. No invoices, no clinical records.",
            (_, AccessLevel.Billing) => "Patients and calendars, invoices and financial reports. No clinical records.",
            (_, AccessLevel.Manager) => "As Billing, and export, users and locations. No clinical records.",
            (RoleType.Practitioner, AccessLevel.Full) => "Everything: reports, export, users and locations too.",
            _ => "Everything, clinical records included.",
        };

    /// <summary>Whether somebody with this access may not give it to others: they don't hold it, or carry the restriction themselves.</summary>
    public static bool IsBeyond(IDictionary<string, bool> own, string setting) =>
        own.TryGetValue(setting, out var on) && (IsRestriction(setting) ? on : !on);

    /// <summary>Whether what one holds is nothing beyond what the other holds.</summary>
    public static bool IsWithin(IDictionary<string, bool>? held, IDictionary<string, bool> own) =>
        held is null || held.All(setting => !IsBeyond(own, setting.Key) || setting.Value == IsRestriction(setting.Key));
}
