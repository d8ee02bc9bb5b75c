using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Which patient data of the practice the calling member may see. Row-level security already limits it to the group
/// and, for members restricted to their locations, to those. The access level limits it further, to the member's own.
/// </summary>
internal static class PatientVisibility
{
    /// <summary>
    /// Without <see cref="Access.OthersPatients"/> only the patients whom the caller added, has an appointment with, or
    /// has written a clinical record about.
    /// </summary>
    public static IQueryable<Patient> VisiblePatients(this PatientPortalDbContext db, Guid groupId) =>
        db.VisibleToCaller(db.Patients.Where(patient => patient.GroupId == groupId));

    public static Task<Patient?> FindPatientAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid patientId,
        CancellationToken ct
    ) => db.VisiblePatients(groupId).AsNoTracking().SingleOrDefaultAsync(patient => patient.Id == patientId, ct);

    public static IQueryable<Patient> VisibleToCaller(this PatientPortalDbContext db, IQueryable<Patient> patients) =>
        db.Call.Caller is var caller && caller.May(Access.OthersPatients)
            ? patients
            : db.OwnPatients(patients, caller.Person);

    /// <summary>
    /// Without <see cref="Access.OthersPatients"/> only the rows of <see cref="VisiblePatients"/>. All others see the
    /// patient of each row that they see: their queries read no patients for it.
    /// </summary>
    /// <param name="patientId">Whose a row is.</param>
    public static IQueryable<T> OfVisiblePatients<T>(
        this PatientPortalDbContext db,
        IQueryable<T> rows,
        Guid groupId,
        Expression<Func<T, Guid>> patientId
    )
    {
        if (db.Call.Caller.May(Access.OthersPatients))
            return rows;
        var patients = db.VisiblePatients(groupId);
        Expression<Func<Guid, bool>> visible = id => patients.Any(patient => patient.Id == id);
        return rows.Where(
            Expression.Lambda<Func<T, bool>>(Expression.Invoke(visible, patientId.Body), patientId.Parameters)
        );
    }

    /// <summary>Without <see cref="Access.OthersCalendars"/> only the caller's own appointments.</summary>
    public static IQueryable<Appointment> VisibleToCaller(
        this PatientPortalDbContext db,
        IQueryable<Appointment> appointments
    ) =>
        db.Call.Caller is var caller && caller.May(Access.OthersCalendars)
            ? appointments
            : appointments.Where(appointment => appointment.PractitionerId == caller.Person);

    /// <summary>Without <see cref="Access.OthersInvoices"/> only the invoices that the caller issued.</summary>
    public static IQueryable<Invoice> VisibleToCaller(this PatientPortalDbContext db, IQueryable<Invoice> invoices) =>
        db.Call.Caller is var caller && caller.May(Access.OthersInvoices)
            ? invoices
            : invoices.Where(invoice => invoice.IssuedById == caller.Person);

    /// <summary>Without <see cref="Access.OthersClinicalRecords"/> only the records that the caller wrote.</summary>
    public static IQueryable<ClinicalRecord> VisibleToCaller(
        this PatientPortalDbContext db,
        IQueryable<ClinicalRecord> records
    ) =>
        db.Call.Caller is var caller && caller.May(Access.OthersClinicalRecords)
            ? records
            : records.Where(record => record.AuthorId == caller.Person);

    /// <summary>
    /// Why the caller may not choose the address that an invitation shows the patient's records to: there are some that
    /// the caller does not see, by access level or by location. Null where they see all.
    /// </summary>
    public static async Task<Error?> WhyNotShowToAnotherAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        CancellationToken ct
    )
    {
        var (caller, id) = (db.Call.Caller, patient.Id);
        var notes = db.Requests.Where(request => request.PatientId == id && request.Kind == RequestKind.HealthNote);
        var records = db.ClinicalRecords.Where(record => record.PatientId == id);
        var invoices = db.Invoices.Where(invoice => invoice.PatientId == id);
        var appointments = db.Appointments.Where(appointment => appointment.PatientId == id);
        if (
            await AnyHiddenAsync(records, db.VisibleToCaller(records))
            || await AnyHiddenAsync(notes, notes.Where(_ => caller.May(Access.OthersClinicalRecords)))
        )
            return PortalErrors.ClinicalRecordsHidden;
        return
            await AnyHiddenAsync(invoices, db.VisibleToCaller(invoices))
            || await AnyHiddenAsync(appointments, db.VisibleToCaller(appointments))
            ? PortalErrors.RecordsHidden
            : null;

        // Counted, so that the rules of levels and of rows stand in one place each.
        async Task<bool> AnyHiddenAsync<T>(IQueryable<T> all, IQueryable<T> visible)
        {
            var seen = await visible.CountAsync(ct);
            using var asSystem = work.ActAsSystemIn(patient.GroupId);
            return await all.CountAsync(ct) > seen;
        }
    }

    /// <summary>
    /// Without <see cref="Access.OthersCalendars"/> only the requests that name no other practitioner. Health notes are
    /// clinical: members with access to others' clinical records see them, and practitioners see those of their own
    /// patients.
    /// </summary>
    /// <param name="practitioner">Whether the caller is a practitioner.</param>
    public static IQueryable<PortalRequest> VisibleToCaller(
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
        var own = db.OwnPatients(db.Patients, me);
        return requests.Where(request =>
            request.Kind != RequestKind.HealthNote || own.Any(patient => patient.Id == request.PatientId)
        );
    }

    /// <summary>How many open requests the caller sees, up to 100.</summary>
    public static async Task<int> CountOpenRequestsAsync(
        this PatientPortalDbContext db,
        IModuleBus bus,
        Guid groupId,
        CancellationToken ct
    )
    {
        const int max = 100;
        var caller = db.Call.Caller;
        // The role of members who see all health notes does not matter.
        var practitioner =
            !caller.May(Access.OthersClinicalRecords)
            && (await bus.FindMemberAsync(groupId, caller.Person, ct))!.Practitioner;
        var requests = db.VisibleToCaller(
            db.Requests.Where(request => request.GroupId == groupId && request.Status == RequestStatus.Open),
            practitioner
        );
        requests = db.OfVisiblePatients(requests, groupId, request => request.PatientId);
        return await requests.OrderBy(request => request.Id).Take(max).CountAsync(ct);
    }

    private static IQueryable<Patient> OwnPatients(
        this PatientPortalDbContext db,
        IQueryable<Patient> patients,
        Guid me
    ) =>
        patients.Where(patient =>
            patient.AddedById == me
            || db.Appointments.Any(appointment =>
                appointment.PatientId == patient.Id && appointment.PractitionerId == me
            )
            // An author keeps the patients they wrote about, also when the appointment is moved to another
            // practitioner.
            || db.ClinicalRecords.Any(record => record.PatientId == patient.Id && record.AuthorId == me)
        );
}
