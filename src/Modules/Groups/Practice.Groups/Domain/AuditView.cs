using System.Text.Json;
using Practice.Shared.Audit;

namespace Practice.Groups.Domain;

/// <summary>One audited act in the group.</summary>
/// <param name="ActorId">The person who did it; null for the system.</param>
/// <param name="Authority">The actor's authority: <c>owner</c>, <c>member</c>, <c>self</c>,
/// <c>guardian</c>, <c>grant</c>, <c>client</c> or <c>system</c>.</param>
/// <param name="Act">What was done, as <c>module.act</c>.</param>
/// <param name="SubjectId">The person or thing it was done to.</param>
/// <param name="SubjectName">The subject's name, if the subject is a member of the group.</param>
/// <param name="Details">Codes and ids that describe the change.</param>
/// <param name="PatientId">The patient it is about, if it is about one that the caller may see.</param>
/// <param name="PatientName">Their name.</param>
/// <param name="Sentence">Who did what to whom, with the names that the caller may know.</param>
/// <param name="Changes">What was changed, from what to what, as far as it was recorded.</param>
/// <param name="Reason">What the actor gave as the reason.</param>
internal sealed record AuditView(
    Guid Id,
    DateTimeOffset At,
    Guid? ActorId,
    string? ActorName,
    string Authority,
    string Act,
    Guid SubjectId,
    string? SubjectName,
    JsonElement? Details,
    Guid? PatientId,
    string? PatientName,
    string Sentence,
    IReadOnlyList<AuditChange> Changes,
    string? Reason
);

/// <summary>Which entries of the audit are shown.</summary>
/// <param name="PatientId">Those about this patient, or about a record, appointment or invoice of theirs.</param>
internal sealed record AuditFilter(
    string? Act,
    Guid? ActorId,
    Guid? SubjectId,
    Guid? PatientId,
    DateTimeOffset? From,
    DateTimeOffset? To
);

/// <summary>What the details of an entry say, in the forms that acts have written them in.</summary>
internal static class AuditDetails
{
    /// <summary>Of what was changed, where values are not for the audit.</summary>
    public const string Changed = "changed";

    /// <summary>What <c>from</c> and <c>to</c> are of, where an act writes nothing else.</summary>
    private static readonly Dictionary<string, string> OneThing = new()
    {
        ["groups.access_level_changed"] = "settings",
        ["groups.role_type_changed"] = "roleType",
        ["portal.appointment_arrived"] = "status",
        ["portal.appointment_completed"] = "status",
        ["portal.appointment_missed"] = "status",
        ["portal.appointment_moved"] = "appointment",
        ["portal.date_of_birth_corrected"] = "dateOfBirth",
        ["portal.patient_email_changed"] = "email",
    };

    /// <summary>
    /// What is shown of them. The reason of a pause may say what clinical records say, and the audit is for others too:
    /// it is with the pause. An earlier build wrote it here.
    /// </summary>
    public static JsonElement Shown(string act, JsonElement details) =>
        act == "portal.access_paused"
            ? JsonSerializer.SerializeToElement(
                details
                    .EnumerateObject()
                    .Where(part => part.Name != "reason")
                    .ToDictionary(part => part.Name, part => part.Value)
            )
            : details;

    public static string? ReasonIn(JsonElement details) =>
        details.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String
            ? reason.GetString()
            : null;

    public static Guid? PatientIn(JsonElement details) =>
        details.TryGetProperty("patientId", out var patient) && patient.TryGetGuid(out var id) ? id : null;

    public static IReadOnlyList<AuditChange> ChangesIn(string act, JsonElement details)
    {
        var changes = new List<AuditChange>();
        foreach (var part in details.EnumerateObject())
        {
            if (part is { Name: "changes", Value.ValueKind: JsonValueKind.Array })
                changes.AddRange(part.Value.Deserialize<List<AuditChange>>(JsonSerializerOptions.Web)!);
            else if (part.Value.ValueKind == JsonValueKind.Object)
                changes.AddRange(FromTo(part.Name, part.Value));
            else if (
                part is { Name: not "reason", Value.ValueKind: JsonValueKind.String }
                && part.Value.GetString() == Changed
            )
                changes.Add(new AuditChange(part.Name, null, null));
        }

        if (OneThing.TryGetValue(act, out var what))
            changes.AddRange(FromTo(what, details));
        return changes;
    }

    /// <summary>One change, or one for each part that differs.</summary>
    private static IEnumerable<AuditChange> FromTo(string what, JsonElement change)
    {
        if (!change.TryGetProperty("from", out var from) || !change.TryGetProperty("to", out var to))
            return [];
        if (from.ValueKind != JsonValueKind.Object || to.ValueKind != JsonValueKind.Object)
            return [new AuditChange(what, Text(from), Text(to))];
        return to.EnumerateObject()
            .Select(part => new AuditChange(
                part.Name,
                from.TryGetProperty(part.Name, out var before) ? Text(before) : null,
                Text(part.Value)
            ))
            .Where(part => part.From != part.To);
    }

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null
            ? null
            : value.ToString() switch
            {
                "True" => "true",
                "False" => "false",
                var text => text,
            };
}
