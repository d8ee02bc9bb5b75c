using Practice.Contracts.PatientPortal;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.EventHandlers;

public static class RecordOnPatientFileChangedHandler
{
    public static Task Handle(
        PatientFileChanged happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            happened.Step switch
            {
                PatientStep.Added => WebhookEvents.PatientAdded,
                PatientStep.Changed => WebhookEvents.PatientChanged,
                PatientStep.Archived => WebhookEvents.PatientArchived,
                PatientStep.Restored => WebhookEvents.PatientRestored,
                PatientStep.Invited => WebhookEvents.PatientInvited,
                PatientStep.Linked => WebhookEvents.PatientLinked,
                PatientStep.Unlinked => WebhookEvents.PatientUnlinked,
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Step, null),
            },
            new() { ["patientId"] = happened.PatientId },
            ct
        );
}

public static class RecordOnAppointmentRecordedHandler
{
    public static Task Handle(
        AppointmentRecorded happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            happened.Step switch
            {
                AppointmentStep.Booked => WebhookEvents.AppointmentBooked,
                AppointmentStep.Moved => WebhookEvents.AppointmentMoved,
                AppointmentStep.Cancelled => WebhookEvents.AppointmentCancelled,
                AppointmentStep.Arrived => WebhookEvents.AppointmentArrived,
                AppointmentStep.Completed => WebhookEvents.AppointmentCompleted,
                AppointmentStep.Missed => WebhookEvents.AppointmentMissed,
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Step, null),
            },
            new()
            {
                ["appointmentId"] = happened.AppointmentId,
                ["patientId"] = happened.PatientId,
                ["practitionerId"] = happened.PractitionerId,
                ["locationId"] = happened.LocationId,
            },
            ct
        );
}

public static class RecordOnRequestRecordedHandler
{
    public static Task Handle(
        RequestRecorded happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            happened.Step switch
            {
                RequestStep.Received => WebhookEvents.RequestReceived,
                RequestStep.Closed => WebhookEvents.RequestClosed,
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Step, null),
            },
            new() { ["requestId"] = happened.RequestId, ["patientId"] = happened.PatientId },
            ct
        );
}

public static class RecordOnInvoiceRecordedHandler
{
    public static Task Handle(
        InvoiceRecorded happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            happened.Step switch
            {
                InvoiceStep.Issued => WebhookEvents.InvoiceIssued,
                InvoiceStep.Voided => WebhookEvents.InvoiceVoided,
                InvoiceStep.PaymentRecorded => WebhookEvents.PaymentRecorded,
                InvoiceStep.PaymentReversed => WebhookEvents.PaymentReversed,
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Step, null),
            },
            happened.PaymentId is { } paymentId
                ? new()
                {
                    ["paymentId"] = paymentId,
                    ["invoiceId"] = happened.InvoiceId,
                    ["patientId"] = happened.PatientId,
                }
                : new() { ["invoiceId"] = happened.InvoiceId, ["patientId"] = happened.PatientId },
            ct
        );
}

public static class RecordOnClinicalRecordChangedHandler
{
    public static Task Handle(
        ClinicalRecordChanged happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        CancellationToken ct
    ) =>
        db.RecordAsync(
            messages,
            work,
            happened.GroupId,
            happened.Step switch
            {
                ClinicalRecordStep.Added => WebhookEvents.RecordAdded,
                ClinicalRecordStep.Amended => WebhookEvents.RecordAmended,
                ClinicalRecordStep.Shared => WebhookEvents.RecordShared,
                ClinicalRecordStep.Withheld => WebhookEvents.RecordWithheld,
                ClinicalRecordStep.FileAttached => WebhookEvents.DocumentAdded,
                _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.Step, null),
            },
            happened.AttachmentId is { } attachmentId
                ? new()
                {
                    ["attachmentId"] = attachmentId,
                    ["recordId"] = happened.RecordId,
                    ["patientId"] = happened.PatientId,
                }
                : new() { ["recordId"] = happened.RecordId, ["patientId"] = happened.PatientId },
            ct
        );
}
