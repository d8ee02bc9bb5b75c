namespace Practice.Webhooks.Domain;

/// <summary>What a webhook can be told of. The names are part of the API: they never change.</summary>
/// <param name="Fields">The ids and codes in <c>data</c>, beside <c>groupId</c>.</param>
internal sealed record WebhookEvent(string Name, string Description, params IReadOnlyList<string> Fields);

internal static class WebhookEvents
{
    /// <summary>Sent only when an owner asks for it.</summary>
    public const string Test = "webhook.test";

    public const string MemberJoined = "member.joined";
    public const string MemberAccessChanged = "member.access_changed";
    public const string MemberDeactivated = "member.deactivated";
    public const string MemberReactivated = "member.reactivated";
    public const string InvitationSent = "invitation.sent";
    public const string InvitationAccepted = "invitation.accepted";
    public const string InvitationRejected = "invitation.rejected";
    public const string InvitationWithdrawn = "invitation.withdrawn";
    public const string LocationCreated = "location.created";
    public const string LocationChanged = "location.changed";
    public const string LocationArchived = "location.archived";
    public const string LocationRestored = "location.restored";
    public const string PatientAdded = "patient.added";
    public const string PatientChanged = "patient.changed";
    public const string PatientArchived = "patient.archived";
    public const string PatientRestored = "patient.restored";
    public const string PatientInvited = "patient.invited";
    public const string PatientLinked = "patient.linked";
    public const string PatientUnlinked = "patient.unlinked";
    public const string AppointmentBooked = "appointment.booked";
    public const string AppointmentMoved = "appointment.moved";
    public const string AppointmentCancelled = "appointment.cancelled";
    public const string AppointmentArrived = "appointment.arrived";
    public const string AppointmentCompleted = "appointment.completed";
    public const string AppointmentMissed = "appointment.missed";
    public const string RequestReceived = "request.received";
    public const string RequestClosed = "request.closed";
    public const string InvoiceIssued = "invoice.issued";
    public const string InvoiceVoided = "invoice.voided";
    public const string PaymentRecorded = "payment.recorded";
    public const string PaymentReversed = "payment.reversed";
    public const string RecordAdded = "record.added";
    public const string RecordAmended = "record.amended";
    public const string RecordShared = "record.shared";
    public const string RecordWithheld = "record.withheld";
    public const string DocumentAdded = "document.added";

    /// <summary>Grouped by what they are about.</summary>
    public static IReadOnlyList<WebhookEvent> All { get; } =
    [
        new(MemberJoined, "People became members, at most 200 an event.", "userIds"),
        new(MemberAccessChanged, "The access of members was changed, at most 200 an event.", "userIds"),
        new(MemberDeactivated, "A member's access ended. They were deactivated, or left.", "userIds", "left"),
        new(MemberReactivated, "A deactivated member has access again.", "userIds"),
        new(InvitationSent, "A person with an account was invited to the practice.", "invitationId"),
        new(InvitationAccepted, "An invitation to the practice was accepted.", "invitationId"),
        new(InvitationRejected, "An invitation to the practice was rejected.", "invitationId"),
        new(InvitationWithdrawn, "An invitation to the practice was withdrawn.", "invitationId"),
        new(LocationCreated, "A location was added.", "locationId"),
        new(LocationChanged, "A location's details were changed.", "locationId"),
        new(LocationArchived, "A location was archived.", "locationId"),
        new(LocationRestored, "An archived location was restored.", "locationId"),
        new(PatientAdded, "A patient was added.", "patientId"),
        new(PatientChanged, "A patient's details were changed, by staff or in the portal.", "patientId"),
        new(PatientArchived, "A patient was archived.", "patientId"),
        new(PatientRestored, "An archived patient was restored.", "patientId"),
        new(PatientInvited, "A patient or guardian was invited to the portal.", "patientId"),
        new(PatientLinked, "A patient was linked to a portal account.", "patientId"),
        new(PatientUnlinked, "A patient was unlinked from a portal account.", "patientId"),
        new(AppointmentBooked, "An appointment was booked.", OfAppointments),
        new(AppointmentMoved, "An appointment was changed.", OfAppointments),
        new(AppointmentCancelled, "An appointment was cancelled, by staff or in the portal.", OfAppointments),
        new(AppointmentArrived, "The patient has arrived.", OfAppointments),
        new(AppointmentCompleted, "An appointment took place.", OfAppointments),
        new(AppointmentMissed, "The patient did not come.", OfAppointments),
        new(RequestReceived, "A patient sent a request or a health note from the portal.", OfRequests),
        new(RequestClosed, "A request was confirmed, declined or withdrawn.", OfRequests),
        new(InvoiceIssued, "An invoice was issued.", "invoiceId", "patientId"),
        new(InvoiceVoided, "An invoice was voided.", "invoiceId", "patientId"),
        new(PaymentRecorded, "A payment of an invoice was recorded.", OfPayments),
        new(PaymentReversed, "A payment of an invoice was reversed.", OfPayments),
        new(RecordAdded, "A clinical record was added.", OfRecords),
        new(RecordAmended, "A clinical record was amended.", OfRecords),
        new(RecordShared, "A clinical record was shared with its patient.", OfRecords),
        new(RecordWithheld, "A clinical record is no longer shared with its patient.", OfRecords),
        new(DocumentAdded, "A file was attached to a clinical record.", "attachmentId", "recordId", "patientId"),
    ];

    private static string[] OfAppointments => ["appointmentId", "patientId", "practitionerId", "locationId"];
    private static string[] OfRequests => ["requestId", "patientId"];
    private static string[] OfPayments => ["paymentId", "invoiceId", "patientId"];
    private static string[] OfRecords => ["recordId", "patientId"];

    private static readonly HashSet<string> Names = [.. All.Select(one => one.Name)];

    public static bool IsKnown(string? name) => name is not null && Names.Contains(name);
}
