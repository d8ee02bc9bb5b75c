using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Exports;

namespace Practice.PatientPortal.Data;

/// <summary>
/// What a portal account shows and holds, as tables of an export: for its holder, and as far as they may see it. What
/// is clinical is left out for a guardian who may not see clinical data; row-level security hides its rows besides.
/// Each page is authorized for itself: after a change of access no more rows are sent, and nothing that opens.
/// </summary>
/// <param name="self">Whether the reader is the person whose account it is.</param>
/// <param name="clinical">Whether the reader sees clinical data.</param>
internal sealed class AccountTables(
    PatientPortalDbContext db,
    Guid accountId,
    bool self,
    bool clinical,
    PortalOptions options,
    DateTimeOffset now
)
{
    private const int ReadAtOnce = 200;

    public IReadOnlyList<ExportTable> All =>
        [
            ExportTable.Of("account", AccountAsync),
            ExportTable.Of("practices", PracticesAsync),
            ExportTable.Of("guardians", GuardiansAsync),
            ExportTable.Of("access", AccessAsync),
            ExportTable.Of("appointments", AppointmentsAsync),
            ExportTable.Of("requests", RequestsAsync),
            ExportTable.Of("invoices", InvoicesAsync),
            .. clinical ? [ExportTable.Of("clinical-records", RecordsAsync)] : (ExportTable[])[],
            ExportTable.Of("access-log", AccessLogAsync),
        ];

    private IAsyncEnumerable<AccountRow> AccountAsync(CancellationToken ct) =>
        AllAsync(
            db.Accounts.AsNoTracking()
                .Where(account => account.Id == accountId)
                .Select(account => new AccountRow(
                    account.Id,
                    account.FirstName,
                    account.LastName,
                    account.DateOfBirth,
                    account.Phone,
                    account.Address,
                    account.EmergencyContact,
                    account.TimeZone,
                    account.CreatedAt
                )),
            ct
        );

    /// <summary>Each practice's own words about the person.</summary>
    private IAsyncEnumerable<PracticeRow> PracticesAsync(CancellationToken ct) =>
        AllAsync(
            db.Patients.AsNoTracking()
                .Where(patient => patient.AccountId == accountId)
                .OrderBy(patient => patient.Id)
                .Select(patient => new PracticeRow(
                    patient.GroupId,
                    patient.PracticeName,
                    patient.FirstName,
                    patient.LastName,
                    patient.DateOfBirth,
                    patient.Sex,
                    self ? patient.Email : null, // it decides who is invited to see the records
                    patient.Phone,
                    patient.Address,
                    patient.EmergencyContact,
                    patient.AddedAt
                )),
            ct
        );

    /// <summary>As the holders' list shows them.</summary>
    private async IAsyncEnumerable<GuardianRow> GuardiansAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var account = await GetAccountAsync(ct);
        var guardians = await ReadAsync(
            db.Guardians.AsNoTracking()
                .Where(guardian => guardian.AccountId == accountId && guardian.EndedAt == null)
                .OrderBy(guardian => guardian.AddedAt),
            ct
        );
        var (paused, minor) = (await FindPausesAsync(ct), Guardian.OfMinor(account, options));
        foreach (var guardian in guardians)
            yield return new GuardianRow(
                guardian.UserName,
                guardian.Relationship,
                guardian.AddedAt,
                guardian.EndsAt(account, options),
                minor.EndsAt > now ? minor.ClinicalEndsAt : null,
                paused.PracticesOf(PausedPerson.Of(guardian.UserId, null))
            );
    }

    /// <summary>As the holder's list shows them.</summary>
    private async IAsyncEnumerable<GrantRow> AccessAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var account = await GetAccountAsync(ct);
        var (today, expired) = (PortalDays.Today(now, account.TimeZone), now - Grant.WaitingPeriod);
        var grants = await ReadAsync(
            db.Grants.AsNoTracking()
                .Where(grant =>
                    grant.AccountId == accountId
                    && grant.Status != GrantStatus.Withdrawn
                    && (grant.Status != GrantStatus.Pending || grant.RequestedAt > expired)
                )
                .OrderBy(grant => grant.Id),
            ct
        );
        var paused = await FindPausesAsync(ct);
        foreach (var grant in grants)
            yield return new GrantRow(
                grant.Id,
                grant.NameForOthers,
                grant.UserEmail,
                grant.Role,
                grant.Level,
                grant.StatusOn(today),
                grant.RequestedAt,
                grant.EndsOn,
                paused.PracticesOf(PausedPerson.Of(grant.UserId, grant.AddressForOthers))
            );
    }

    private IAsyncEnumerable<AppointmentRow> AppointmentsAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<AppointmentRow>(
            last =>
            {
                var appointments = db.Appointments.AsNoTracking().Where(row => row.AccountId == accountId);
                if (last is not null)
                    appointments = appointments.Where(row => row.Id < last.Id);
                return ReadAsync(
                    appointments
                        .Join(
                            db.Patients,
                            row => row.PatientId,
                            patient => patient.Id,
                            (row, patient) => new { Appointment = row, patient.PracticeName }
                        )
                        .OrderByDescending(row => row.Appointment.Id)
                        .Take(ReadAtOnce)
                        .Select(row => new AppointmentRow(
                            row.Appointment.Id,
                            row.PracticeName,
                            row.Appointment.PractitionerName,
                            row.Appointment.LocationName,
                            row.Appointment.StartsAt,
                            row.Appointment.EndsAt,
                            row.Appointment.Status,
                            clinical ? row.Appointment.Reason : null
                        )),
                    ct
                );
            },
            ReadAtOnce
        );

    private IAsyncEnumerable<RequestRow> RequestsAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<RequestRow>(
            last =>
            {
                var requests = db.Requests.AsNoTracking().Where(row => row.AccountId == accountId);
                if (last is not null)
                    requests = requests.Where(row => row.Id < last.Id);
                return ReadAsync(
                    requests
                        .Join(
                            db.Patients,
                            row => row.PatientId,
                            patient => patient.Id,
                            (row, patient) => new { Request = row, patient.PracticeName }
                        )
                        .OrderByDescending(row => row.Request.Id)
                        .Take(ReadAtOnce)
                        .Select(row => new RequestRow(
                            row.Request.Id,
                            row.PracticeName,
                            row.Request.Kind,
                            row.Request.Status,
                            clinical || row.Request.Kind != RequestKind.Appointment ? row.Request.Text : null,
                            row.Request.StartsAt,
                            row.Request.SentByName,
                            row.Request.SentAt,
                            row.Request.DecidedAt
                        )),
                    ct
                );
            },
            ReadAtOnce
        );

    private async IAsyncEnumerable<AccountInvoice> InvoicesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (
            var row in ExportTable
                .PagesAsync<InvoiceOfPatient>(
                    last =>
                    {
                        var invoices = db.Invoices.AsNoTracking().Where(row => row.AccountId == accountId);
                        if (last is not null)
                            invoices = invoices.Where(row => row.Id < last.Invoice.Id);
                        return ReadAsync(
                            invoices
                                .Join(
                                    db.Patients.AsNoTracking(),
                                    row => row.PatientId,
                                    patient => patient.Id,
                                    (row, patient) => new InvoiceOfPatient { Invoice = row, Patient = patient }
                                )
                                .OrderByDescending(row => row.Invoice.Id)
                                .Take(ReadAtOnce),
                            ct
                        );
                    },
                    ReadAtOnce
                )
                .WithCancellation(ct)
        )
            yield return AccountInvoice.Of(row.Invoice, row.Patient);
    }

    private IAsyncEnumerable<RecordRow> RecordsAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<RecordRow>(
            async last =>
            {
                var records = db.ClinicalRecords.AsNoTracking().Where(row => row.AccountId == accountId && row.Shared);
                if (last is not null)
                    records = records.Where(row => row.Id < last.Id);
                var rows = await ReadAsync(
                    records
                        .Join(
                            db.Patients,
                            row => row.PatientId,
                            patient => patient.Id,
                            (row, patient) => new { Record = row, patient.PracticeName }
                        )
                        .OrderByDescending(row => row.Record.Id)
                        .Take(ReadAtOnce),
                    ct
                );
                var documents = rows.Where(row => row.Record.Kind == ClinicalRecordKind.Document)
                    .Select(row => row.Record.Id)
                    .ToList();
                var files = (
                    await ReadAsync(
                        db.Attachments.AsNoTracking()
                            .Where(file => documents.Contains(file.RecordId))
                            .OrderBy(file => file.Id),
                        ct
                    )
                ).ToLookup(file => file.RecordId);
                return
                [
                    .. rows.Select(row => new RecordRow(
                        row.Record.Id,
                        row.PracticeName,
                        row.Record.Kind,
                        row.Record.Title,
                        row.Record.Body,
                        row.Record.AuthorName,
                        row.Record.RecordedAt,
                        [.. row.Record.Amendments.Select(a => new AmendmentRow(a.Text, a.AuthorName, a.AddedAt))],
                        [
                            .. files[row.Record.Id]
                                .Select(file => new FileRow(file.Name, FileTypes.MediaTypeOf(file.Type), file.Size)),
                        ]
                    )),
                ];
            },
            ReadAtOnce
        );

    private IAsyncEnumerable<LogRow> AccessLogAsync(CancellationToken ct) =>
        ExportTable.PagesAsync<LogRow>(
            last =>
            {
                var entries = db.AccessLog.AsNoTracking().Where(row => row.AccountId == accountId);
                if (last is not null)
                    entries = entries.Where(row => row.Id < last.Id);
                return ReadAsync(
                    entries
                        .OrderByDescending(row => row.Id)
                        .Take(ReadAtOnce)
                        .Select(row => new LogRow(
                            row.Id,
                            row.At,
                            row.UserName,
                            row.Authority,
                            row.PracticeName,
                            row.Action,
                            row.SubjectId
                        )),
                    ct
                );
            },
            ReadAtOnce
        );

    /// <summary>The practices that keep their records from each person for now.</summary>
    private Task<List<AccountPause>> FindPausesAsync(CancellationToken ct) => ReadAsync(db.PausesOf(accountId), ct);

    private async Task<PortalAccount> GetAccountAsync(CancellationToken ct) =>
        (await ReadAsync(db.Accounts.AsNoTracking().Where(account => account.Id == accountId), ct)).Single();

    private async IAsyncEnumerable<T> AllAsync<T>(IQueryable<T> rows, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var row in await ReadAsync(rows, ct))
            yield return row;
    }

    /// <summary>
    /// The queries show what the caller might see at the start. A caller who may see less, or more, by now starts
    /// again.
    /// </summary>
    private async Task<List<T>> ReadAsync<T>(IQueryable<T> page, CancellationToken ct)
    {
        var rows = await page.ToListAsync(ct);
        var (isSelf, seesClinical) = (
            db.Call.Caller.Account.Relation == PortalRelation.Self,
            db.Call.Caller.Account.Clinical
        );
        if (isSelf != self || seesClinical != clinical)
            throw new AccessDeniedException(AuthorizationErrors.NotAllowed);
        return rows;
    }

    private sealed record AccountRow(
        Guid Id,
        string FirstName,
        string LastName,
        DateOnly DateOfBirth,
        string? Phone,
        string? Address,
        EmergencyContact? EmergencyContact,
        string TimeZone,
        DateTimeOffset CreatedAt
    );

    private sealed record PracticeRow(
        Guid GroupId,
        string Practice,
        string FirstName,
        string LastName,
        DateOnly DateOfBirth,
        Sex? Sex,
        string? Email,
        string? Phone,
        string? Address,
        EmergencyContact? EmergencyContact,
        DateTimeOffset PatientSince
    );

    private sealed record GuardianRow(
        string Name,
        Relationship Relationship,
        DateTimeOffset AddedAt,
        DateTimeOffset EndsAt,
        DateTimeOffset? ClinicalEndsAt,
        IReadOnlyList<string> PausedBy
    );

    private sealed record GrantRow(
        Guid Id,
        string? Name,
        string Email,
        PortalRole Role,
        PortalLevel Level,
        GrantStatus Status,
        DateTimeOffset RequestedAt,
        DateOnly? EndsOn,
        IReadOnlyList<string> PausedBy
    );

    private sealed record AppointmentRow(
        Guid Id,
        string Practice,
        string Practitioner,
        string Location,
        DateTimeOffset StartsAt,
        DateTimeOffset EndsAt,
        AppointmentStatus Status,
        string? Reason
    );

    private sealed record RequestRow(
        Guid Id,
        string Practice,
        RequestKind Kind,
        RequestStatus Status,
        string? Text,
        DateTimeOffset? StartsAt,
        string SentBy,
        DateTimeOffset SentAt,
        DateTimeOffset? DecidedAt
    );

    private sealed record RecordRow(
        Guid Id,
        string Practice,
        ClinicalRecordKind Kind,
        string Title,
        string Body,
        string Author,
        DateTimeOffset RecordedAt,
        IReadOnlyList<AmendmentRow> Amendments,
        IReadOnlyList<FileRow> Attachments
    );

    private sealed record AmendmentRow(string Text, string Author, DateTimeOffset AddedAt);

    private sealed record FileRow(string Name, string MediaType, int Size);

    private sealed record LogRow(
        Guid Id,
        DateTimeOffset At,
        string Name,
        AccessLogAuthority Authority,
        string? Practice,
        AccessLogAction Opened,
        Guid? SubjectId
    );
}
