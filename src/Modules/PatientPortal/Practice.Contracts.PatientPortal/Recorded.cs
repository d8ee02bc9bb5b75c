using System.Text.Json.Serialization;
using Practice.Messages;

namespace Practice.Contracts.PatientPortal;

// What happened to the records of a practice, told in ids and codes. The names in quotes are those of stored messages.
// They never change.

/// <summary>A patient was added or changed.</summary>
public sealed record PatientFileChanged(
    Guid GroupId,
    Guid PatientId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<PatientStep>))] PatientStep Step
) : Message, IForWebhooks;

/// <summary>What happened to a patient.</summary>
public enum PatientStep
{
    [JsonStringEnumMemberName("added")]
    Added,

    [JsonStringEnumMemberName("changed")]
    Changed,

    [JsonStringEnumMemberName("archived")]
    Archived,

    [JsonStringEnumMemberName("restored")]
    Restored,

    [JsonStringEnumMemberName("invited")]
    Invited,

    [JsonStringEnumMemberName("linked")]
    Linked,

    [JsonStringEnumMemberName("unlinked")]
    Unlinked,
}

/// <summary>An appointment was booked or changed.</summary>
public sealed record AppointmentRecorded(
    Guid GroupId,
    Guid AppointmentId,
    Guid PatientId,
    Guid PractitionerId,
    Guid LocationId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<AppointmentStep>))] AppointmentStep Step
) : Message, IForWebhooks;

/// <summary>What happened to an appointment.</summary>
public enum AppointmentStep
{
    [JsonStringEnumMemberName("booked")]
    Booked,

    [JsonStringEnumMemberName("moved")]
    Moved,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    [JsonStringEnumMemberName("arrived")]
    Arrived,

    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("missed")]
    Missed,
}

/// <summary>A request or a health note came from the portal, or was answered or withdrawn.</summary>
public sealed record RequestRecorded(
    Guid GroupId,
    Guid RequestId,
    Guid PatientId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<RequestStep>))] RequestStep Step
) : Message, IForWebhooks;

/// <summary>What happened to a request.</summary>
public enum RequestStep
{
    [JsonStringEnumMemberName("received")]
    Received,

    [JsonStringEnumMemberName("closed")]
    Closed,
}

/// <summary>An invoice was issued or voided, or a payment of it was recorded or reversed.</summary>
/// <param name="PaymentId">Null where it is about the invoice itself.</param>
public sealed record InvoiceRecorded(
    Guid GroupId,
    Guid InvoiceId,
    Guid PatientId,
    Guid? PaymentId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<InvoiceStep>))] InvoiceStep Step
) : Message, IForWebhooks;

/// <summary>What happened to an invoice.</summary>
public enum InvoiceStep
{
    [JsonStringEnumMemberName("issued")]
    Issued,

    [JsonStringEnumMemberName("voided")]
    Voided,

    [JsonStringEnumMemberName("paymentRecorded")]
    PaymentRecorded,

    [JsonStringEnumMemberName("paymentReversed")]
    PaymentReversed,
}

/// <summary>A clinical record was added or changed.</summary>
/// <param name="AttachmentId">The file that was attached to it; null otherwise.</param>
public sealed record ClinicalRecordChanged(
    Guid GroupId,
    Guid RecordId,
    Guid PatientId,
    Guid? AttachmentId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<ClinicalRecordStep>))] ClinicalRecordStep Step
) : Message, IForWebhooks;

/// <summary>What happened to a clinical record.</summary>
public enum ClinicalRecordStep
{
    [JsonStringEnumMemberName("added")]
    Added,

    [JsonStringEnumMemberName("amended")]
    Amended,

    [JsonStringEnumMemberName("shared")]
    Shared,

    [JsonStringEnumMemberName("withheld")]
    Withheld,

    [JsonStringEnumMemberName("fileAttached")]
    FileAttached,
}
