using Practice.Contracts.PatientPortal;
using Practice.Webhooks.Data;
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
                PatientStep.Added => "patient.added",
                PatientStep.Changed => "patient.changed",
                PatientStep.Archived => "patient.archived",
                PatientStep.Restored => "patient.restored",
                PatientStep.Invited => "patient.invited",
                PatientStep.Linked => "patient.linked",
                PatientStep.Unlinked => "patient.unlinked",
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
                AppointmentStep.Booked => "appointment.booked",
                AppointmentStep.Moved => "appointment.moved",
                AppointmentStep.Cancelled => "appointment.cancelled",
                AppointmentStep.Arrived => "appointment.arrived",
                AppointmentStep.Completed => "appointment.completed",
                AppointmentStep.Missed => "appointment.missed",
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
                RequestStep.Received => "request.received",
                RequestStep.Closed => "request.closed",
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
                InvoiceStep.Issued => "invoice.issued",
                InvoiceStep.Voided => "invoice.voided",
                InvoiceStep.PaymentRecorded => "payment.recorded",
                InvoiceStep.PaymentReversed => "payment.reversed",
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
                ClinicalRecordStep.Added => "record.added",
                ClinicalRecordStep.Amended => "record.amended",
                ClinicalRecordStep.Shared => "record.shared",
                ClinicalRecordStep.Withheld => "record.withheld",
                ClinicalRecordStep.FileAttached => "document.added",
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
