using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>
/// What of the practice's patient data the member who asks sees. Row-level security has narrowed it to the group already and, for
/// members restricted to their locations, to those; here the access level narrows it to one's own.
/// </summary>
internal static class Sight
{
    /// <summary>The patients seen; without <see cref="Access.OthersPatients"/> those one has added or has an appointment with.</summary>
    public static IQueryable<Patient> SeenPatients(this PatientPortalDbContext db, Guid groupId) =>
        db.Seen(db.Patients.Where(patient => patient.GroupId == groupId));

    public static Task<Patient?> FindPatientAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) => db.SeenPatients(groupId).AsNoTracking().SingleOrDefaultAsync(patient => patient.Id == patientId, ct);

    /// <summary>The patient, for us alone.</summary>
    public static Task<Patient?> LockPatientAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.Seen(
                db.Patients.FromSql(
                    $"select *, xmin from portal.patients where group_id = {groupId} and id = {patientId} for update"
                )
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>The patient for whom something is added: whoever links them to a portal account meanwhile waits, and then finds it.</summary>
    public static Task<Patient?> HoldPatientAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.Seen(
                db.Patients.FromSql(
                    $"select *, xmin from portal.patients where group_id = {groupId} and id = {patientId} for share"
                )
            )
            .SingleOrDefaultAsync(ct);

    /// <summary>
    /// The patient's invitations that nobody has claimed, for us alone: who invites, claims or corrects the email at this moment comes
    /// before us or after. To be taken before the patient's row, as who claims takes it. The first lock is for two who invite at once
    /// where there is no invitation yet.
    /// </summary>
    public static Task LockInvitationsAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            select pg_advisory_xact_lock(hashtextextended({patientId.ToString()}, 5));
            select from portal.patient_invitations where group_id = {groupId} and patient_id = {patientId} and claimed_at is null for update;
            """,
            ct
        );

    /// <summary>Without <see cref="Access.OthersCalendars"/> the appointments with oneself.</summary>
    public static IQueryable<Appointment> Seen(this PatientPortalDbContext db, IQueryable<Appointment> appointments) =>
        db.Call.Caller is var caller && caller.May(Access.OthersCalendars)
            ? appointments
            : appointments.Where(appointment => appointment.PractitionerId == caller.Person);

    /// <summary>Without <see cref="Access.OthersInvoices"/> the invoices that one has issued.</summary>
    public static IQueryable<Invoice> Seen(this PatientPortalDbContext db, IQueryable<Invoice> invoices) =>
        db.Call.Caller is var caller && caller.May(Access.OthersInvoices)
            ? invoices
            : invoices.Where(invoice => invoice.IssuedById == caller.Person);

    /// <summary>Without <see cref="Access.OthersClinicalRecords"/> the records that one has written.</summary>
    public static IQueryable<ClinicalRecord> Seen(this PatientPortalDbContext db, IQueryable<ClinicalRecord> records) =>
        db.Call.Caller is var caller && caller.May(Access.OthersClinicalRecords)
            ? records
            : records.Where(record => record.AuthorId == caller.Person);

    /// <summary>
    /// Without <see cref="Access.OthersCalendars"/> the requests that name no other practitioner. Health notes are clinical: they show
    /// to who sees others' clinical records, and to a practitioner whose own patient it is.
    /// </summary>
    public static IQueryable<PortalRequest> Seen(
        this PatientPortalDbContext db,
        IQueryable<PortalRequest> requests,
        bool practitioner
    )
    {
        var (caller, me) = (db.Call.Caller, db.Call.Caller.Person);
        if (!caller.May(Access.OthersCalendars))
            requests = requests.Where(request => request.PractitionerId == null || request.PractitionerId == me);
        if (caller.May(Access.OthersClinicalRecords))
            return requests;
        if (!practitioner)
            return requests.Where(request => request.Kind != RequestKind.HealthNote);
        var own = db.Own(db.Patients, me);
        return requests.Where(request =>
            request.Kind != RequestKind.HealthNote || own.Any(patient => patient.Id == request.PatientId)
        );
    }

    /// <summary>The patient's name; null for who may see codes only.</summary>
    public static string? NameFor(this Patient patient, Caller caller) =>
        caller.May(Access.HidePatientNames) ? null : $"{patient.FirstName} {patient.LastName}";

    /// <summary>A member of the group, or null.</summary>
    public static async Task<MemberFacts?> FindMemberAsync(
        this IModuleBus bus,
        Guid groupId,
        Guid userId,
        CancellationToken ct
    ) => (await bus.QueryAsync(new FindMembers(groupId, [userId]), ct)).Members.SingleOrDefault();

    private static IQueryable<Patient> Seen(this PatientPortalDbContext db, IQueryable<Patient> patients) =>
        db.Call.Caller is var caller && caller.May(Access.OthersPatients) ? patients : db.Own(patients, caller.Person);

    private static IQueryable<Patient> Own(this PatientPortalDbContext db, IQueryable<Patient> patients, Guid me) =>
        patients.Where(patient =>
            patient.AddedById == me
            || db.Appointments.Any(appointment =>
                appointment.PatientId == patient.Id && appointment.PractitionerId == me
            )
        );
}
