using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.PatientPortal.Domain.Exports;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Exports;

namespace Practice.PatientPortal.Data;

/// <summary>
/// The tables of an export, as the caller's lists would show them. They are read by id, a page at a time: what is
/// renamed or moved meanwhile is neither missed nor there twice. Each page is authorized for itself: a member who has
/// lost an access is not sent one more row.
/// </summary>
internal sealed class ExportTables
{
    private const int ReadAtOnce = 500;

    private readonly PatientPortalDbContext _db;
    private readonly IModuleBus _bus;
    private readonly Guid _groupId;
    private readonly DateTimeOffset _now;

    /// <summary>Under whose access the queries are made.</summary>
    private readonly Caller _caller;

    private ExportTables(PatientPortalDbContext db, IModuleBus bus, Guid groupId, DateTimeOffset now) =>
        (_db, _bus, _groupId, _now, _caller) = (db, bus, groupId, now, db.Call.Caller);

    /// <summary>For the caller of the request, who is authorized first.</summary>
    public static async Task<ExportTables> OfCallerAsync(
        PatientPortalDbContext db,
        IModuleBus bus,
        Guid groupId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await AskAsync(db, groupId, ct);
        return new ExportTables(db, bus, groupId, now);
    }

    public IReadOnlyList<ExportTable> Of(IEnumerable<ExportKind> kinds) => [.. kinds.Select(Of)];

    private ExportTable Of(ExportKind kind) =>
        kind switch
        {
            ExportKind.Patients => ExportTable.Of("patients", PatientsAsync),
            ExportKind.Appointments => ExportTable.Of("appointments", AppointmentsAsync),
            ExportKind.Invoices => ExportTable.Of("invoices", InvoicesAsync),
            ExportKind.ClinicalRecords => ExportTable.Of("clinical-records", RecordsAsync),
            ExportKind.Members => ExportTable.Of("members", MembersAsync),
            ExportKind.Audit => ExportTable.Of("audit", AuditAsync),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of export."),
        };

    private async IAsyncEnumerable<PatientView> PatientsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var patients = _db.VisiblePatients(_groupId).AsNoTracking();
        var invited = _db.OpenInvitations(_now);
        await foreach (
            var row in ExportTable
                .PagesAsync<PatientRow>(
                    last =>
                    {
                        var next = patients;
                        if (last is not null)
                            next = next.Where(patient => patient.Id > last.Patient.Id);
                        return ReadAsync(
                            next.OrderBy(patient => patient.Id)
                                .Take(ReadAtOnce)
                                .Select(patient => new PatientRow(
                                    patient,
                                    invited.Any(invitation => invitation.PatientId == patient.Id)
                                )),
                            ct
                        );
                    },
                    ReadAtOnce
                )
                .WithCancellation(ct)
        )
            yield return PatientView.Of(row.Patient, row.Invited, _caller);
    }

    private async IAsyncEnumerable<AppointmentView> AppointmentsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var appointments = _db.VisibleToCaller(
            _db.Appointments.AsNoTracking().Where(appointment => appointment.GroupId == _groupId)
        );
        await foreach (
            var row in ExportTable
                .PagesAsync<AppointmentRow>(
                    last =>
                    {
                        var next = _db.OfVisiblePatients(appointments, _groupId, appointment => appointment.PatientId);
                        if (last is not null)
                            next = next.Where(appointment => appointment.Id > last.Appointment.Id);
                        return ReadAsync(
                            next.OrderBy(appointment => appointment.Id)
                                .Take(ReadAtOnce)
                                .Join(
                                    _db.Patients.AsNoTracking(),
                                    appointment => appointment.PatientId,
                                    patient => patient.Id,
                                    (appointment, patient) =>
                                        new AppointmentRow { Appointment = appointment, Patient = patient }
                                )
                                .OrderBy(row => row.Appointment.Id),
                            ct
                        );
                    },
                    ReadAtOnce
                )
                .WithCancellation(ct)
        )
            yield return AppointmentView.Of(row.Appointment, row.Patient, _caller);
    }

    private async IAsyncEnumerable<InvoiceView> InvoicesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var invoices = _db.VisibleToCaller(_db.Invoices.AsNoTracking().Where(invoice => invoice.GroupId == _groupId));
        await foreach (
            var row in ExportTable
                .PagesAsync<InvoiceOfPatient>(
                    last =>
                    {
                        var next = _db.OfVisiblePatients(invoices, _groupId, invoice => invoice.PatientId);
                        if (last is not null)
                            next = next.Where(invoice => invoice.Id > last.Invoice.Id);
                        return ReadAsync(
                            _db.WithPatients(next.OrderBy(invoice => invoice.Id).Take(ReadAtOnce), _groupId)
                                .OrderBy(row => row.Invoice.Id),
                            ct
                        );
                    },
                    ReadAtOnce
                )
                .WithCancellation(ct)
        )
            yield return InvoiceView.Of(row.Invoice, row.Patient, _caller);
    }

    private IAsyncEnumerable<ClinicalRecordView> RecordsAsync(CancellationToken ct)
    {
        var records = _db.VisibleToCaller(
            _db.ClinicalRecords.AsNoTracking().Where(record => record.GroupId == _groupId)
        );
        return ExportTable.PagesAsync<ClinicalRecordView>(
            async last =>
            {
                var next = _db.OfVisiblePatients(records, _groupId, record => record.PatientId);
                if (last is not null)
                    next = next.Where(record => record.Id > last.Id);
                var page = await ReadAsync(next.OrderBy(record => record.Id).Take(ReadAtOnce), ct);
                var ids = page.Select(record => record.Id).ToList();
                var files = await ReadAsync(
                    _db.Attachments.AsNoTracking().Where(file => ids.Contains(file.RecordId)).OrderBy(file => file.Id),
                    ct
                );
                var ofRecord = files.ToLookup(file => file.RecordId);
                return [.. page.Select(record => ClinicalRecordView.WithAll(record, ofRecord[record.Id]))];
            },
            ReadAtOnce
        );
    }

    private IAsyncEnumerable<MemberRow> MembersAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<MemberRow>(
            async last =>
            {
                await AuthorizeAsync(ct);
                var query = new ListMemberRows(_groupId, last?.UserId, ReadAtOnce);
                return [.. (await _bus.QueryAsync(query, ct)).Members];
            },
            ReadAtOnce
        );

    private IAsyncEnumerable<AuditRow> AuditAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<AuditRow>(
            async last =>
            {
                await AuthorizeAsync(ct);
                if (!_caller.MayReadAudit()) // it was taken just before the first row
                    throw new AccessDeniedException(AuthorizationErrors.NotAllowed);
                var seesPatients = _caller.May(Access.OthersPatients) && !_caller.May(Access.HidePatientNames);
                var query = new ListAuditRows(_groupId, last?.Id, ReadAtOnce, seesPatients);
                return [.. (await _bus.QueryAsync(query, ct)).Entries];
            },
            ReadAtOnce
        );

    private async Task<List<T>> ReadAsync<T>(IQueryable<T> page, CancellationToken ct)
    {
        var rows = await page.ToListAsync(ct);
        CheckAccess();
        return rows;
    }

    /// <summary>Other modules answer the system: so the caller comes first.</summary>
    private async Task AuthorizeAsync(CancellationToken ct)
    {
        await AskAsync(_db, _groupId, ct);
        CheckAccess();
    }

    /// <summary>A small read, which authorizes as each one does.</summary>
    private static Task<bool> AskAsync(PatientPortalDbContext db, Guid groupId, CancellationToken ct) =>
        db.Exports.AnyAsync(export => export.GroupId == groupId, ct);

    /// <summary>
    /// The queries show what the caller might see at the start. A caller who may see less, or more, by now starts
    /// again.
    /// </summary>
    private void CheckAccess()
    {
        if (!_db.Call.Caller.HasAccessOf(_caller))
            throw new AccessDeniedException(AuthorizationErrors.NotAllowed);
    }

    private sealed record PatientRow(Patient Patient, bool Invited);

    private sealed record AppointmentRow
    {
        public required Appointment Appointment { get; init; }
        public required Patient Patient { get; init; }
    }
}
