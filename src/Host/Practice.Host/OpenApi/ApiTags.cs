namespace Practice.Host.OpenApi;

/// <summary>What the calls of a tag have in common. A tag that is missing here fails a test.</summary>
internal static class ApiTags
{
    public static IReadOnlyDictionary<string, string> Descriptions { get; } =
        new Dictionary<string, string>
        {
            ["Access"] = "What a member of a practice may do: access level, settings, owners.",
            ["Access levels"] = "The presets, and the access levels that a practice has made for itself.",
            ["API clients"] = "Programs that work in a practice, with an access level of their own, and their tokens.",
            ["Assignments"] = "Which members work at which locations.",
            ["Calendar"] = "Appointments of a practice, from booking to what became of them.",
            ["Calendar feed"] = "The calendar of a member, as a calendar program subscribes to it.",
            ["Coded lists"] = "Professions, access levels and audit acts, by their codes.",
            ["Exports"] = "Records of a practice as a file.",
            ["Groups"] = "Practice groups, their settings and their audit.",
            ["Invitations"] = "Invitations to a practice, from both sides.",
            ["Invoices"] = "Invoices of a practice, payments and reports.",
            ["Locations"] = "The places at which a practice works.",
            ["Members"] = "The people of a practice.",
            ["Message credit"] = "Text messages that a practice can still send.",
            ["Notifications"] = "What the product tells a signed-in person.",
            ["Overview"] = "What waits in a practice, in numbers.",
            ["Patients"] = "Patients of a practice, their records and who opens them in the portal.",
            ["Portal access"] = "Who may open a portal account besides its holder.",
            ["Portal accounts"] = "Accounts of the patient portal, dependants and guardians.",
            ["Portal records"] = "What a portal account shows, across practices.",
            ["Requests from the portal"] = "What patients asked of a practice, and its answer.",
            ["Webhooks"] = "How another system is told what happens in a practice.",
            ["Users"] = "A person's own account: sign-up, sign-in, sessions, passwords, second factors, preferences.",
        };
}
