namespace Practice.Groups.Domain;

/// <summary>
/// The acts of the audit as sentences, of all modules. <c>{0}</c> is the person or thing that was changed. "A patient"
/// and "the patient" are called by name, where the reader may know it; a sentence without them ends with it.
/// </summary>
internal static class AuditSentences
{
    /// <summary>Grouped by area, for the filter.</summary>
    public static IReadOnlyList<(string Act, string Sentence)> Acts { get; } =
    [
        ("groups.created", "created the practice"),
        ("groups.changed", "changed the practice's settings"),
        ("groups.member_added", "added {0}"),
        ("groups.user_invited", "invited {0}"),
        ("groups.invitation_changed", "changed the invitation of {0}"),
        ("groups.invitation_resent", "resent the invitation of {0}"),
        ("groups.invitation_withdrawn", "withdrew the invitation of {0}"),
        ("groups.invitation_accepted", "accepted the invitation"),
        ("groups.invitation_rejected", "rejected the invitation"),
        ("groups.access_changed", "changed the access of {0}"),
        ("groups.access_level_created", "made an access level"),
        ("groups.access_level_changed", "changed an access level"),
        ("groups.access_level_archived", "archived an access level"),
        ("groups.client_created", "made an API client"),
        ("groups.client_access_changed", "changed the access of an API client"),
        ("groups.client_rotated", "gave an API client another secret"),
        ("groups.client_revoked", "revoked an API client"),
        ("groups.profession_changed", "changed the profession or registration number of {0}"),
        ("groups.role_type_changed", "changed the role type of {0}"),
        ("groups.locations_assigned", "assigned {0} to locations"),
        ("groups.temporary_password_set", "gave {0} a new temporary password"),
        ("groups.member_deactivated", "deactivated {0}"),
        ("groups.member_reactivated", "reactivated {0}"),
        ("groups.member_left", "left the practice"),
        ("groups.members_assigned", "assigned people to {0}"),
        ("groups.audit_exported", "downloaded the audit"),
        ("locations.created", "added {0}"),
        ("locations.changed", "changed {0}"),
        ("locations.archived", "archived {0}"),
        ("locations.restored", "restored {0}"),
        ("webhooks.created", "added a webhook"),
        ("webhooks.changed", "changed a webhook"),
        ("webhooks.disabled", "turned off a webhook whose receiver took nothing"),
        ("webhooks.secret_rotated", "gave a webhook a new secret"),
        ("webhooks.tested", "tested a webhook"),
        ("webhooks.replayed", "sent deliveries of a webhook again"),
        ("webhooks.deleted", "deleted a webhook"),
        ("portal.credit_topped_up", "added credit for text messages"),
        ("portal.credit_changed", "changed when owners are told of low credit"),
        ("portal.attachment_added", "attached a file to a clinical record"),
        ("portal.attachment_opened", "opened a file of a clinical record"),
        ("portal.access_paused", "paused a person's access to a patient's records"),
        ("portal.access_resumed", "resumed a person's access to a patient's records"),
        ("portal.access_shown", "looked up who has access to a patient's records"),
        ("portal.patient_added", "added a patient"),
        ("portal.patient_archived", "archived a patient"),
        ("portal.patient_restored", "restored a patient"),
        ("portal.patient_changed", "changed a patient's details"),
        ("portal.patient_contact_changed", "changed a patient's contact details in the portal"),
        ("portal.patient_email_changed", "changed a patient's email"),
        ("portal.patient_unlinked", "unlinked a patient from a portal account"),
        ("portal.patients_listed", "listed patients"),
        ("portal.opened", "opened a patient's record"),
        ("portal.patient_opened", "opened a patient's details"),
        ("portal.appointments_opened", "opened a patient's appointments"),
        ("portal.appointment_opened", "opened an appointment"),
        ("portal.calendar_feed_ended", "ended their calendar feed"),
        ("portal.calendar_feed_opened", "made a calendar feed"),
        ("portal.calendar_feed_read", "read patients' appointments by a calendar feed"),
        ("portal.calendar_opened", "opened the calendar"),
        ("portal.invoices_opened", "opened invoices"),
        ("portal.invoice_opened", "opened an invoice"),
        ("portal.report_opened", "opened the report of invoices"),
        ("portal.clinical_records_opened", "opened the list of a patient's clinical records"),
        ("portal.clinical_record_opened", "opened a clinical record"),
        ("portal.export_requested", "asked for an export"),
        ("portal.export_downloaded", "downloaded an export"),
        ("portal.export_discarded", "discarded an export"),
        ("portal.requests_opened", "opened the requests from the portal"),
        ("portal.patient_invited", "invited a patient to the portal"),
        ("portal.invitation_claimed", "claimed a patient's invitation"),
        ("portal.appointment_booked", "booked an appointment"),
        ("portal.appointment_moved", "moved an appointment"),
        ("portal.appointment_cancelled", "cancelled an appointment"),
        ("portal.appointment_arrived", "marked a patient as arrived"),
        ("portal.appointment_completed", "completed an appointment"),
        ("portal.appointment_missed", "marked an appointment as one that the patient did not come to"),
        ("portal.appointment_requested", "requested an appointment"),
        ("portal.invoice_issued", "issued an invoice"),
        ("portal.invoice_voided", "voided an invoice"),
        ("portal.payment_recorded", "recorded a payment"),
        ("portal.payment_reversed", "reversed a payment"),
        ("portal.clinical_record_added", "added a clinical record"),
        ("portal.clinical_record_amended", "amended a clinical record"),
        ("portal.clinical_record_shared", "shared a clinical record with the patient"),
        ("portal.clinical_record_withheld", "stopped sharing a clinical record with the patient"),
        ("portal.request_confirmed", "confirmed a request from the portal"),
        ("portal.request_declined", "declined a request from the portal"),
        ("portal.health_note_added", "sent a health note"),
        ("portal.details_changed", "changed contact details in the portal"),
        ("portal.date_of_birth_corrected", "corrected a date of birth in the portal"),
    ];

    private static readonly Dictionary<string, string> Sentences = Acts.ToDictionary(
        act => act.Act,
        act => act.Sentence
    );

    private static readonly string[] PatientWords = ["a patient", "the patient"];

    /// <summary>Such as "Olive Hart opened Ines Vale's record".</summary>
    /// <param name="subject">The name of the person or thing, where it is known.</param>
    /// <param name="patient">The name of the patient it is about, where the reader may know it.</param>
    public static string Of(string act, string actor, string? subject, string? patient)
    {
        var done = Sentences.TryGetValue(act, out var sentence) ? WithSubject(act, sentence, subject) : $"did {act}";
        return $"{actor} {(patient is null ? done : WithName(done, patient))}";
    }

    /// <summary>Whether the subject is one of the group's own access levels.</summary>
    public static bool IsOnLevel(string act) => act.StartsWith("groups.access_level_", StringComparison.Ordinal);

    /// <summary>For a filter, without names.</summary>
    public static string Choice(string act) => Sentences[act].Replace("{0}", "…", StringComparison.Ordinal);

    /// <summary>Whether the subject is one of the group's API clients.</summary>
    public static bool IsOnClient(string act) => act.StartsWith("groups.client_", StringComparison.Ordinal);

    private static string WithSubject(string act, string sentence, string? subject) =>
        IsOnClient(act)
            ? subject is null
                ? sentence
                : sentence.Replace("an API client", $"the API client {subject}", StringComparison.Ordinal)
            : !IsOnLevel(act)
                ? sentence.Replace("{0}", Subject(act, subject), StringComparison.Ordinal)
                : subject is null
                    ? sentence
                    : sentence.Replace("an access level", $"the access level {subject}", StringComparison.Ordinal);

    private static string WithName(string done, string patient)
    {
        foreach (var words in PatientWords)
        {
            if (done.IndexOf(words, StringComparison.Ordinal) is var at and >= 0)
                return $"{done[..at]}{patient}{done[(at + words.Length)..]}";
        }

        return $"{done} of {patient}";
    }

    private static string Subject(string act, string? name) =>
        act.StartsWith("locations.", StringComparison.Ordinal) ? (name is null ? "a location" : $"the location {name}")
        : act == GroupAudit.MembersAssigned.Code ? name ?? "a location"
        : name ?? "someone who is not a member";
}
