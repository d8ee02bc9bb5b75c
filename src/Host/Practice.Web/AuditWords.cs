using System.Text.Json;
using Practice.Client;

namespace Practice.Web;

/// <summary>The acts of the audit as people say them. <c>{0}</c> is whom or what it was done to.</summary>
internal static class AuditWords
{
    /// <summary>By the area of the product, as they are chosen from.</summary>
    public static IReadOnlyList<(string Act, string Sentence)> Acts { get; } =
    [
        ("groups.created", "opened the practice"),
        ("groups.changed", "changed the practice's settings"),
        ("groups.member_added", "added {0}"),
        ("groups.user_invited", "invited {0}"),
        ("groups.invitation_changed", "changed the invitation of {0}"),
        ("groups.invitation_resent", "sent {0} their invitation again"),
        ("groups.invitation_withdrawn", "withdrew the invitation of {0}"),
        ("groups.invitation_accepted", "accepted the invitation"),
        ("groups.invitation_rejected", "rejected the invitation"),
        ("groups.access_changed", "changed the access of {0}"),
        ("groups.profession_changed", "changed profession or registration number of {0}"),
        ("groups.role_type_changed", "changed the role type of {0}"),
        ("groups.locations_assigned", "assigned {0} to locations"),
        ("groups.temporary_password_set", "gave {0} a new temporary password"),
        ("groups.member_deactivated", "deactivated {0}"),
        ("groups.member_reactivated", "reactivated {0}"),
        ("groups.member_left", "left the practice"),
        ("groups.members_assigned", "assigned people to {0}"),
        ("locations.created", "added the location {0}"),
        ("locations.changed", "changed the location {0}"),
        ("locations.archived", "archived the location {0}"),
        ("locations.restored", "restored the location {0}"),
        ("portal.patient_added", "added a patient"),
        ("portal.patient_changed", "changed a patient's details"),
        ("portal.patients_listed", "looked through the patients"),
        ("portal.opened", "opened a patient's record"),
        ("portal.patient_invited", "invited a patient to the portal"),
        ("portal.invitation_claimed", "claimed a patient's invitation"),
        ("portal.appointment_booked", "booked an appointment"),
        ("portal.appointment_cancelled", "cancelled an appointment"),
        ("portal.appointment_requested", "asked for an appointment"),
        ("portal.invoice_issued", "issued an invoice"),
        ("portal.clinical_record_added", "added a clinical record"),
        ("portal.request_confirmed", "confirmed a request from the portal"),
        ("portal.request_declined", "declined a request from the portal"),
        ("portal.health_note_added", "sent a health note"),
        ("portal.details_changed", "changed contact details in the portal"),
    ];

    private static readonly Dictionary<string, string> Sentences = Acts.ToDictionary(
        act => act.Act,
        act => act.Sentence
    );

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["level"] = "Level",
        ["on"] = "Switched on",
        ["off"] = "Switched off",
        ["owner"] = "Owner",
        ["from"] = "From",
        ["to"] = "To",
        ["roleType"] = "Role type",
        ["profession"] = "Profession",
        ["registrationNumber"] = "Registration number",
        ["requiresTwoFactor"] = "Two factors required",
    };

    /// <param name="subject">What the entry is about, where its name is known.</param>
    public static string Sentence(string act, string? subject) =>
        Sentences.TryGetValue(act, out var sentence)
            ? sentence.Replace("{0}", subject ?? "somebody who is no member", StringComparison.Ordinal)
            : $"did {act}";

    /// <summary>For the choice of an act, where nobody is named.</summary>
    public static string Choice(string act) => Sentence(act, "…");

    /// <summary>The codes that tell the change; ids are left out, since they tell people nothing.</summary>
    public static IEnumerable<(string Label, string Value)> Details(AuditView entry)
    {
        if (entry.Details is not { ValueKind: JsonValueKind.Object } details)
            yield break;
        foreach (var detail in details.EnumerateObject())
        {
            if (Labels.TryGetValue(detail.Name, out var label) && Said(detail.Value) is { Length: > 0 } value)
                yield return (label, value);
        }
    }

    private static string Said(JsonElement value) =>
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
                    .Select(Plain)
            ),
            JsonValueKind.Number => value.ToString(),
            _ => "",
        };

    private static string Plain(string word) => AccessWords.Label(char.ToLowerInvariant(word[0]) + word[1..]);
}
