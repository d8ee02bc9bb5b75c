using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Locks until the end of the transaction. A handler asks other modules before it takes the first one: no second
/// connection is opened while rows are locked.
/// </summary>
internal static class Locks
{
    /// <summary>The account, locked. Everything that decides who has access to it locks it first.</summary>
    public static Task<PortalAccount?> LockAccountAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        CancellationToken ct
    ) =>
        db
            .Accounts.FromSql($"select *, xmin from portal.accounts where id = {accountId} for update")
            .SingleOrDefaultAsync(ct);

    public static Task<Grant?> LockGrantAsync(this PatientPortalDbContext db, Guid grantId, CancellationToken ct) =>
        db
            .Grants.FromSql($"select *, xmin from portal.grants where id = {grantId} for update")
            .SingleOrDefaultAsync(ct);

    /// <summary>Serializes what one person requests, opens and claims.</summary>
    public static Task LockPersonAsync(this PatientPortalDbContext db, Guid userId, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.PortalPerson, userId.ToString(), ct);

    /// <summary>A patient whom the caller may see, locked for a change.</summary>
    public static Task<Patient?> LockPatientAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.VisibleToCaller(
                db.Patients.FromSql(
                    $"select *, xmin from portal.patients where group_id = {groupId} and id = {patientId} for update"
                )
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>
    /// A patient whom the caller may see, locked so that records can be added. A claim that links the patient to an
    /// account waits, and then finds the new record. Take it before one of the patient's requests, as a claim does.
    /// </summary>
    public static Task<Patient?> LockPatientForAddingAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.VisibleToCaller(
                db.Patients.FromSql(
                    $"select *, xmin from portal.patients where group_id = {groupId} and id = {patientId} for share"
                )
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>A clinical record of a patient, if the caller may see both, locked for a change.</summary>
    public static async Task<ClinicalRecord?> LockRecordAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        Guid recordId,
        CancellationToken ct
    ) =>
        await db.LockPatientForAddingAsync(groupId, patientId, ct) is null
            ? null
            : await db.VisibleToCaller(
                    db.ClinicalRecords.FromSql(
                        $"""
                        select * from portal.clinical_records
                        where group_id = {groupId} and patient_id = {patientId} and id = {recordId} for update
                        """
                    )
                )
                .SingleOrDefaultAsync(ct);

    /// <summary>An appointment that the caller may see, locked for a change.</summary>
    public static Task<Appointment?> LockAppointmentAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid appointmentId,
        CancellationToken ct
    ) =>
        db.VisibleToCaller(
                db.Appointments.FromSql(
                    $"""
                    select *, xmin from portal.appointments
                    where group_id = {groupId} and id = {appointmentId} for update
                    """
                )
            )
            .Where(appointment => db.VisiblePatients(groupId).Any(patient => patient.Id == appointment.PatientId))
            .SingleOrDefaultAsync(ct);

    /// <summary>
    /// Has appointments of one practitioner, and in one room, booked one after the other. The practitioner first: so
    /// two bookings cannot deadlock. Take it after all rows.
    /// </summary>
    public static async Task LockSlotAsync(
        this PatientPortalDbContext db,
        Appointment appointment,
        CancellationToken ct
    )
    {
        var practitioner = $"{appointment.GroupId} {appointment.PractitionerId}";
        await db.TakeLockAsync(AdvisoryLocks.PractitionerSlots, practitioner, ct);
        if (appointment.Room is null)
            return;
        var room = $"{appointment.LocationId} {appointment.Room.ToUpperInvariant()}";
        await db.TakeLockAsync(AdvisoryLocks.RoomSlots, room, ct);
    }

    /// <summary>
    /// Locks the patient's unclaimed invitations, so that inviting, claiming and changing the email happen one after
    /// the other. Take it before the patient's row, as a claim does. The advisory lock is for two first invitations at
    /// once.
    /// </summary>
    public static Task LockInvitationsAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            select pg_advisory_xact_lock(hashtextextended({patientId.ToString()}, {AdvisoryLocks.PatientInvitations}));
            select from portal.patient_invitations
            where group_id = {groupId} and patient_id = {patientId} and claimed_at is null for update;
            """,
            ct
        );

    /// <summary>Serializes the invitations of a practice, to count them.</summary>
    public static Task LockInvitationsAsync(this PatientPortalDbContext db, Guid groupId, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.GroupInvitations, groupId.ToString(), ct);

    /// <summary>An invoice that the caller may see, locked: its payments happen one after the other.</summary>
    public static Task<Invoice?> LockInvoiceAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid invoiceId,
        CancellationToken ct
    )
    {
        var patients = db.VisiblePatients(groupId);
        return db.VisibleToCaller(
                db.Invoices.FromSql(
                    $"select * from portal.invoices where group_id = {groupId} and id = {invoiceId} for update"
                )
            )
            .SingleOrDefaultAsync(invoice => patients.Any(patient => patient.Id == invoice.PatientId), ct);
    }

    /// <summary>
    /// The next number of the practice's sequence. Its counter stays locked until the end of the transaction, which
    /// takes the number back with everything else: so there are no gaps.
    /// </summary>
    public static async Task<string> NextInvoiceNumberAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        CancellationToken ct
    ) =>
        (await db.Database.SqlQuery<long>($"select portal.next_invoice_number({groupId}) as \"Value\"").ToListAsync(ct))
            .Single()
            .ToString(CultureInfo.InvariantCulture);

    /// <summary>A request that the caller may see, locked: it is answered once.</summary>
    /// <param name="practitioner">Whether the caller is a practitioner.</param>
    public static Task<PortalRequest?> LockRequestAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid requestId,
        bool practitioner,
        CancellationToken ct
    ) =>
        db.VisibleToCaller(
                db.Requests.FromSql(
                    $"select *, xmin from portal.requests where group_id = {groupId} and id = {requestId} for update"
                ),
                practitioner
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>Serializes who is entered as a patient of a group.</summary>
    public static Task LockNewPatientsAsync(this PatientPortalDbContext db, Guid groupId, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.NewPatients, groupId.ToString(), ct);

    /// <summary>Serializes what is counted among the exports of a group.</summary>
    public static Task LockExportsAsync(this PatientPortalDbContext db, Guid groupId, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.Exports, groupId.ToString(), ct);
}
