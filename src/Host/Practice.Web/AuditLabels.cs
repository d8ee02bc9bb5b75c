using System.Text.Json;
using Practice.Client;

namespace Practice.Web;

/// <summary>The acts of the audit as sentences. <c>{0}</c> is the person or thing that was changed.</summary>
internal static class AuditLabels
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
        ("groups.profession_changed", "changed the profession or registration number of {0}"),
        ("groups.role_type_changed", "changed the role type of {0}"),
        ("groups.locations_assigned", "assigned {0} to locations"),
        ("groups.temporary_password_set", "gave {0} a new temporary password"),
        ("groups.member_deactivated", "deactivated {0}"),
        ("groups.member_reactivated", "reactivated {0}"),
        ("groups.member_left", "left the practice"),
        ("groups.members_assigned", "assigned people to {0}"),
        ("locations.created", "added {0}"),
        ("locations.changed", "changed {0}"),
        ("locations.archived", "archived {0}"),
        ("locations.restored", "restored {0}"),
        ("portal.patient_added", "added a patient"),
        ("portal.patient_changed", "changed a patient's details"),
        ("portal.patient_email_changed", "changed a patient's email"),
        ("portal.patient_unlinked", "unlinked a patient from a portal account"),
        ("portal.patients_listed", "listed patients"),
        ("portal.opened", "opened a patient's record"),
        ("portal.patient_opened", "opened a patient's details"),
        ("portal.appointments_opened", "opened a patient's appointments"),
        ("portal.calendar_opened", "opened the calendar"),
        ("portal.invoices_opened", "opened a patient's invoices"),
        ("portal.clinical_records_opened", "opened the list of a patient's clinical records"),
        ("portal.clinical_record_opened", "opened a clinical record"),
        ("portal.requests_opened", "opened the requests from the portal"),
        ("portal.patient_invited", "invited a patient to the portal"),
        ("portal.invitation_claimed", "claimed a patient's invitation"),
        ("portal.appointment_booked", "booked an appointment"),
        ("portal.appointment_cancelled", "cancelled an appointment"),
        ("portal.appointment_requested", "requested an appointment"),
        ("portal.invoice_issued", "issued an invoice"),
        ("portal.clinical_record_added", "added a clinical record"),
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

    private static readonly Dictionary<string, string> DetailLabels = new()
    {
        ["level"] = "Level",
        ["on"] = "Turned on",
        ["off"] = "Turned off",
        ["owner"] = "Owner",
        ["from"] = "From",
        ["to"] = "To",
        ["roleType"] = "Role type",
        ["profession"] = "Profession",
        ["registrationNumber"] = "Registration number",
        ["requiresTwoFactor"] = "Two-factor authentication required",
    };

    /// <param name="subject">The name of the person or thing, where it is known.</param>
    public static string Sentence(string act, string? subject) =>
        Sentences.TryGetValue(act, out var sentence)
            ? sentence.Replace("{0}", Subject(act, subject), StringComparison.Ordinal)
            : $"did {act}";

    private static string Subject(string act, string? name) =>
        act.StartsWith("locations.", StringComparison.Ordinal) ? (name is null ? "a location" : $"the location {name}")
        : act == "groups.members_assigned" ? name ?? "a location"
        : name ?? "someone who is not a member";

    /// <summary>For the filter, without a name.</summary>
    public static string Choice(string act) => Sentence(act, "…");

    /// <summary>The change in detail, without ids.</summary>
    public static IEnumerable<(string Label, string Value)> Details(AuditView entry)
    {
        if (entry.Details is not { ValueKind: JsonValueKind.Object } details)
            yield break;
        foreach (var detail in details.EnumerateObject())
        {
            if (DetailLabels.TryGetValue(detail.Name, out var label) && Text(detail.Value) is { Length: > 0 } value)
                yield return (label, value);
        }
    }

    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            JsonValueKind.String => string.Join(
                ", ",
                value
                    .GetString()!
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Where(word => !word.Equals("none", StringComparison.OrdinalIgnoreCase))
                    .Select(LabelOf)
            ),
            JsonValueKind.Number => value.ToString(),
            _ => "",
        };

    private static string LabelOf(string word) => AccessLabels.Label(char.ToLowerInvariant(word[0]) + word[1..]);
}
