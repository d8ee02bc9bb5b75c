namespace Practice.Webhooks.Domain;

/// <summary>What a webhook can be told of. The names are part of the API: they never change.</summary>
/// <param name="Fields">The ids and codes in <c>data</c>, beside <c>groupId</c>.</param>
internal sealed record WebhookEvent(string Name, string Description, params IReadOnlyList<string> Fields);

internal static class WebhookEvents
{
    /// <summary>Sent only when an owner asks for it.</summary>
    public const string Test = "webhook.test";

    /// <summary>Grouped by what they are about.</summary>
    public static IReadOnlyList<WebhookEvent> All { get; } =
    [
        new("member.joined", "People became members, at most 200 an event.", "userIds"),
        new("member.access_changed", "The access of members was changed, at most 200 an event.", "userIds"),
        new("member.deactivated", "A member's access ended. They were deactivated, or left.", "userIds", "left"),
        new("member.reactivated", "A deactivated member has access again.", "userIds"),
        new("invitation.sent", "A person with an account was invited to the practice.", "invitationId"),
        new("invitation.accepted", "An invitation to the practice was accepted.", "invitationId"),
        new("invitation.rejected", "An invitation to the practice was rejected.", "invitationId"),
        new("invitation.withdrawn", "An invitation to the practice was withdrawn.", "invitationId"),
        new("location.created", "A location was added.", "locationId"),
        new("location.changed", "A location's details were changed.", "locationId"),
        new("location.archived", "A location was archived.", "locationId"),
        new("location.restored", "An archived location was restored.", "locationId"),
        new("patient.added", "A patient was added.", "patientId"),
        new("patient.changed", "A patient's details were changed, by staff or in the portal.", "patientId"),
        new("patient.archived", "A patient was archived.", "patientId"),
        new("patient.restored", "An archived patient was restored.", "patientId"),
        new("patient.invited", "A patient or guardian was invited to the portal.", "patientId"),
        new("patient.linked", "A patient was linked to a portal account.", "patientId"),
        new("patient.unlinked", "A patient was unlinked from a portal account.", "patientId"),
        new("appointment.booked", "An appointment was booked.", OfAppointments),
        new("appointment.moved", "An appointment was changed.", OfAppointments),
        new("appointment.cancelled", "An appointment was cancelled, by staff or in the portal.", OfAppointments),
        new("appointment.arrived", "The patient has arrived.", OfAppointments),
        new("appointment.completed", "An appointment took place.", OfAppointments),
        new("appointment.missed", "The patient did not come.", OfAppointments),
        new("request.received", "A patient sent a request or a health note from the portal.", OfRequests),
        new("request.closed", "A request was confirmed, declined or withdrawn.", OfRequests),
        new("invoice.issued", "An invoice was issued.", "invoiceId", "patientId"),
        new("invoice.voided", "An invoice was voided.", "invoiceId", "patientId"),
        new("payment.recorded", "A payment of an invoice was recorded.", OfPayments),
        new("payment.reversed", "A payment of an invoice was reversed.", OfPayments),
        new("record.added", "A clinical record was added.", OfRecords),
        new("record.amended", "A clinical record was amended.", OfRecords),
        new("record.shared", "A clinical record was shared with its patient.", OfRecords),
        new("record.withheld", "A clinical record is no longer shared with its patient.", OfRecords),
        new("document.added", "A file was attached to a clinical record.", "attachmentId", "recordId", "patientId"),
    ];

    private static string[] OfAppointments => ["appointmentId", "patientId", "practitionerId", "locationId"];
    private static string[] OfRequests => ["requestId", "patientId"];
    private static string[] OfPayments => ["paymentId", "invoiceId", "patientId"];
    private static string[] OfRecords => ["recordId", "patientId"];

    private static readonly HashSet<string> Names = [.. All.Select(one => one.Name)];

    public static bool IsKnown(string? name) => name is not null && Names.Contains(name);
}
