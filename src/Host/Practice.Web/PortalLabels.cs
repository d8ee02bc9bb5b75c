using Practice.Client;

namespace Practice.Web;

/// <summary>Labels of portal accounts.</summary>
internal static class PortalLabels
{
    /// <summary>The warning wherever access is granted.</summary>
    public const string Trust =
        "Anyone you grant access to will be able to see and possibly edit health data or medical records in this "
        + "account. Do not grant access to people you do not trust. You can revoke access at any time.";

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

    /// <summary>The hint of the date of birth of a new account.</summary>
    public const string DateOfBirthHint =
        "Practices compare it with their records. You can correct it until a practice is linked.";

    /// <summary>What became of an appointment; null while it is booked.</summary>
    public static string? Of(AppointmentStatus status) =>
        status switch
        {
            AppointmentStatus.Arrived => "Checked in",
            AppointmentStatus.Completed => "Visited",
            AppointmentStatus.NoShow => "Missed",
            AppointmentStatus.Cancelled => "Cancelled",
            _ => null,
        };

    public static string PillClass(AppointmentStatus status) =>
        status is AppointmentStatus.Cancelled or AppointmentStatus.NoShow ? "bad" : "good";

    /// <summary>Whether the appointment can still be cancelled.</summary>
    public static bool CanCancel(AccountAppointment appointment, DateTimeOffset now) =>
        appointment.Status == AppointmentStatus.Booked && appointment.StartsAt > now;

    /// <summary>What the confirmation says before an appointment is cancelled.</summary>
    public static string CancellationText(AccountAppointment appointment) =>
        $"{DateFormat.WithZone(appointment.StartsAt, appointment.TimeZone)} with {appointment.PractitionerName} "
        + $"at {appointment.Practice}. The practice is notified that you cancelled.";

    public static string Of(Relationship relationship) =>
        relationship == Relationship.LegalGuardian ? "Legal guardian" : relationship.ToString();

    public static string PillClass(GrantStatus status) =>
        status switch
        {
            GrantStatus.Current => "good",
            GrantStatus.Pending => "warn",
            _ => "",
        };

    /// <summary>The status of an appointment request.</summary>
    public static string Of(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "Waiting for the practice",
            RequestStatus.Confirmed => "Confirmed",
            RequestStatus.Declined => "Declined",
            _ => "Withdrawn",
        };

    /// <summary>The status of a health note, which needs no answer.</summary>
    public static string OfNote(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "Sent",
            RequestStatus.Confirmed => "Seen by the practice",
            _ => "Closed by the practice",
        };

    public static string PillClass(RequestStatus status) =>
        status switch
        {
            RequestStatus.Open => "warn",
            RequestStatus.Confirmed => "good",
            _ => "",
        };

    /// <summary>What the person cannot see or do in this account, and why; null where there are no limits.</summary>
    public static string? Limits(CurrentAccount.Account here) =>
        (here.SeesClinical, here.IsDependant, here.MayEdit) switch
        {
            (true, _, true) => null,
            (true, _, false) => "You can view this record, but not edit it.",
            (false, true, _) => $"{here.Name} has reached the age at which guardians no longer see clinical records. "
                + "You see appointments and invoices.",
            (false, _, true) => $"{here.Name} shares appointments and invoices with you, but not clinical records.",
            (false, _, false) => $"{here.Name} shares appointments and invoices with you, but not clinical records. "
                + "You can view them, but not edit them.",
        };

    /// <summary>
    /// What a person did in one visit, such as <c>opened invoices and appointments, cancelled an appointment</c>.
    /// </summary>
    /// <param name="entries">By their names in the access log, oldest first.</param>
    public static string Did(IEnumerable<string> entries)
    {
        var all = entries.Distinct().ToArray();
        string[] viewed = [.. all.Where(entry => Change(entry) is null).Select(Viewed)];
        string[] did =
        [
            .. viewed.Length == 0 ? [] : (string[])[$"opened {Join(viewed)}"],
            .. all.Select(Change).OfType<string>(),
        ];
        return string.Join(", ", did);
    }

    private static string Join(string[] things) =>
        things is [.. { Length: > 0 } others, var last] ? $"{string.Join(", ", others)} and {last}" : things[0];

    private static string? Change(string entry) =>
        entry switch
        {
            "appointmentRequested" => "requested an appointment",
            "appointmentCancelled" => "cancelled an appointment",
            "healthNoteAdded" => "added a health note",
            "detailsChanged" => "changed the contact details",
            _ => null,
        };

    private static string Viewed(string entry) =>
        entry switch
        {
            "profile" => "the account details",
            "patient" => "the patient's details",
            "appointments" => "appointments",
            "appointmentRequests" => "appointment requests",
            "requests" => "what was sent from the portal",
            "invoices" => "invoices",
            "clinicalRecords" => "the list of clinical records",
            "clinicalRecord" => "a clinical record",
            "healthNotes" => "health notes",
            _ => entry,
        };
}
