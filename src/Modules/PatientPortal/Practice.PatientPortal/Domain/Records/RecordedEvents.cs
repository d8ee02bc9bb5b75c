using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>What other modules are told of a practice's records.</summary>
internal static class RecordedEvents
{
    public static PatientFileChanged ToEvent(this Patient patient, PatientStep step) =>
        new(patient.GroupId, patient.Id, step);

    public static AppointmentRecorded ToEvent(this Appointment appointment, AppointmentStep step) =>
        new(
            appointment.GroupId,
            appointment.Id,
            appointment.PatientId,
            appointment.PractitionerId,
            appointment.LocationId,
            step
        );

    public static RequestRecorded ToEvent(this PortalRequest request, RequestStep step) =>
        new(request.GroupId, request.Id, request.PatientId, step);

    public static InvoiceRecorded ToEvent(this Invoice invoice, InvoiceStep step, Guid? paymentId = null) =>
        new(invoice.GroupId, invoice.Id, invoice.PatientId, paymentId, step);

    public static ClinicalRecordChanged ToEvent(
        this ClinicalRecord record,
        ClinicalRecordStep step,
        Guid? attachmentId = null
    ) => new(record.GroupId, record.Id, record.PatientId, attachmentId, step);
}
