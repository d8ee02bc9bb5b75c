using Practice.Shared.Audit;

namespace Practice.PatientPortal.Domain;

/// <summary>The acts of this module in the audit.</summary>
internal static class PortalAudit
{
    public static AuditAct AccessDecided { get; } = new("portal.access_decided");
    public static AuditAct AccessGranted { get; } = new("portal.access_granted");
    public static AuditAct AccessRequested { get; } = new("portal.access_requested");
    public static AuditAct AccessWithdrawn { get; } = new("portal.access_withdrawn");
    public static AuditAct AccountOpened { get; } = new("portal.account_opened");
    public static AuditAct AccountTakenOver { get; } = new("portal.account_taken_over");
    public static AuditAct AgesChanged { get; } = new("portal.ages_changed");
    public static AuditAct AppointmentBooked { get; } = new("portal.appointment_booked");
    public static AuditAct AppointmentCancelled { get; } = new("portal.appointment_cancelled");
    public static AuditAct AppointmentRequested { get; } = new("portal.appointment_requested");
    public static AuditAct AppointmentsOpened { get; } = new("portal.appointments_opened");
    public static AuditAct CalendarOpened { get; } = new("portal.calendar_opened");
    public static AuditAct ClinicalRecordAdded { get; } = new("portal.clinical_record_added");
    public static AuditAct ClinicalRecordOpened { get; } = new("portal.clinical_record_opened");
    public static AuditAct ClinicalRecordsOpened { get; } = new("portal.clinical_records_opened");
    public static AuditAct DateOfBirthCorrected { get; } = new("portal.date_of_birth_corrected");
    public static AuditAct DependantAdded { get; } = new("portal.dependant_added");
    public static AuditAct DetailsChanged { get; } = new("portal.details_changed");
    public static AuditAct GuardianAdded { get; } = new("portal.guardian_added");
    public static AuditAct GuardianRequested { get; } = new("portal.guardian_requested");
    public static AuditAct GuardianLeft { get; } = new("portal.guardian_left");
    public static AuditAct GuardianshipDeclined { get; } = new("portal.guardianship_declined");
    public static AuditAct HealthNoteAdded { get; } = new("portal.health_note_added");
    public static AuditAct InvitationClaimed { get; } = new("portal.invitation_claimed");
    public static AuditAct InvoiceIssued { get; } = new("portal.invoice_issued");
    public static AuditAct InvoicesOpened { get; } = new("portal.invoices_opened");
    public static AuditAct Opened { get; } = new("portal.opened");
    public static AuditAct PatientAdded { get; } = new("portal.patient_added");
    public static AuditAct PatientChanged { get; } = new("portal.patient_changed");
    public static AuditAct PatientEmailChanged { get; } = new("portal.patient_email_changed");
    public static AuditAct PatientInvited { get; } = new("portal.patient_invited");
    public static AuditAct PatientOpened { get; } = new("portal.patient_opened");
    public static AuditAct PatientUnlinked { get; } = new("portal.patient_unlinked");
    public static AuditAct PatientsListed { get; } = new("portal.patients_listed");
    public static AuditAct RequestConfirmed { get; } = new("portal.request_confirmed");
    public static AuditAct RequestDeclined { get; } = new("portal.request_declined");
    public static AuditAct RequestsOpened { get; } = new("portal.requests_opened");
}
