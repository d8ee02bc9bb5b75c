using Practice.Client;

namespace Practice.Web;

/// <summary>What of a portal account is called on a page.</summary>
internal static class PortalWords
{
    /// <summary>Whom not to let in; said wherever somebody may be.</summary>
    public const string Trust =
        "Anyone you grant access to will be able to see and possibly edit health data or medical records in this account. Do not grant access to people you do not trust. You can revoke access at any time.";

    public static IReadOnlyList<(string Value, string Text, string Hint)> Roles { get; } =
    [
        ("view", "View", "Allow to view only, but not make changes in the patient portal."),
        ("edit", "Edit", "Allow to view and make changes in the patient portal."),
    ];

    public static IReadOnlyList<(string Value, string Text, string Hint)> Levels { get; } =
    [
        (
            "administrative",
            "Administrative",
            "Access all appointments and invoices only. No access to clinical records."
        ),
        ("clinical", "Clinical", "Access all appointments, invoices and clinical records."),
    ];

    public static IReadOnlyList<(string Value, string Text)> Relationships { get; } =
    [
        ("parent", "Parent"),
        ("guardian", "Guardian"),
        ("legalGuardian", "Legal guardian of an adult"),
        ("other", "Other"),
    ];

    public static string Of(Relationship relationship) =>
        relationship == Relationship.LegalGuardian ? "Legal guardian" : relationship.ToString();

    public static string Tone(GrantStatus status) =>
        status switch
        {
            GrantStatus.Current => "good",
            GrantStatus.Pending => "warn",
            _ => "",
        };

    /// <summary>What has become of something sent to a practice.</summary>
    public static string Of(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "Waiting for the practice",
            RequestStatus.Confirmed => "Confirmed",
            RequestStatus.Declined => "Declined",
            _ => "Taken back",
        };

    /// <summary>As <see cref="Of(RequestStatus)"/>, of a note: nothing is to be answered.</summary>
    public static string OfNote(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "Sent",
            RequestStatus.Confirmed => "Seen by the practice",
            _ => "Put aside by the practice",
        };

    public static string Tone(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "warn",
            RequestStatus.Confirmed => "good",
            _ => "",
        };

    /// <summary>What the account in view leaves out, and why; null where it leaves out nothing.</summary>
    public static string? LeftOut(CurrentAccount.Account here) =>
        (here.SeesClinical, here.IsDependant, here.MayEdit) switch
        {
            (true, _, true) => null,
            (true, _, false) => $"{here.Name} lets you look, not change anything.",
            (false, true, _) =>
                $"{here.Name} has reached the age at which guardians no longer see clinical records. You see appointments and invoices.",
            (false, _, true) => $"{here.Name} shares appointments and invoices with you, not clinical records.",
            (false, _, false) =>
                $"{here.Name} shares appointments and invoices with you, not clinical records, and lets you look, not change anything.",
        };

    /// <summary>What somebody did in one visit, such as <c>opened invoices and appointments, cancelled an appointment</c>.</summary>
    /// <param name="openings">As the access log names them, in the order in which they happened.</param>
    public static string Did(IEnumerable<string> openings)
    {
        var all = openings.Distinct().ToArray();
        string[] seen = [.. all.Where(one => Change(one) is null).Select(Seen)];
        string[] did =
        [
            .. seen.Length == 0 ? [] : (string[])[$"opened {Listed(seen)}"],
            .. all.Select(Change).OfType<string>(),
        ];
        return string.Join(", ", did);
    }

    private static string Listed(string[] things) =>
        things is [.. { Length: > 0 } others, var last] ? $"{string.Join(", ", others)} and {last}" : things[0];

    private static string? Change(string opening) =>
        opening switch
        {
            "appointmentRequested" => "requested an appointment",
            "appointmentCancelled" => "cancelled an appointment",
            "healthNoteAdded" => "added a health note",
            "detailsChanged" => "changed the contact details",
            _ => null,
        };

    private static string Seen(string opening) =>
        opening switch
        {
            "profile" => "the profile",
            "patient" => "the patient's details",
            "appointments" => "appointments",
            "appointmentRequests" => "appointment requests",
            "requests" => "what was sent from the portal",
            "invoices" => "invoices",
            "clinicalRecords" => "the list of clinical records",
            "clinicalRecord" => "a clinical record",
            "healthNotes" => "health notes",
            _ => opening,
        };
}
