using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>What an account shows of a kind, across practices and each item naming its practice; newest first.</summary>
/// <param name="Upcoming"><c>true</c>: only what is booked and not over, the next one first.</param>
public sealed record ListAccountAppointments(Guid AccountId, string? Upcoming, Paging Paging)
    : Message,
        ICommand<Page<AccountAppointment>>;

/// <inheritdoc cref="ListAccountAppointments"/>
public sealed record ListAccountInvoices(Guid AccountId, Paging Paging) : Message, ICommand<Page<AccountInvoice>>;

/// <inheritdoc cref="ListAccountAppointments"/>
public sealed record ListAccountRecords(Guid AccountId, Paging Paging) : Message, ICommand<Page<AccountRecord>>;

/// <summary>One clinical record, whole.</summary>
public sealed record ReadAccountRecord(Guid AccountId, Guid RecordId) : Message, ICommand<AccountRecordText>;

/// <summary>The health notes that were sent from the account.</summary>
public sealed record ListHealthNotes(Guid AccountId, Paging Paging) : Message, ICommand<Page<HealthNote>>;

/// <summary>The appointments asked for from the account, and what has become of them.</summary>
public sealed record ListAppointmentRequests(Guid AccountId, Paging Paging)
    : Message,
        ICommand<Page<AppointmentRequestView>>;

/// <param name="TimeZone">The location's IANA time zone, in which the patient is expected.</param>
/// <param name="Reason">Clinical: null for who may not see clinical data.</param>
public sealed record AccountAppointment(
    Guid Id,
    Guid GroupId,
    string Practice,
    string PractitionerName,
    string LocationName,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string TimeZone,
    AppointmentStatus Status,
    string? Reason
);

/// <param name="Total">A decimal, in <paramref name="Currency"/>.</param>
public sealed record AccountInvoice(
    Guid Id,
    Guid GroupId,
    string Practice,
    string Number,
    DateOnly IssuedOn,
    DateOnly DueOn,
    string Currency,
    IReadOnlyList<AccountInvoiceLine> Lines,
    string Total
);

public sealed record AccountInvoiceLine(string Description, decimal Quantity, string UnitPrice);

public sealed record AccountRecord(
    Guid Id,
    Guid GroupId,
    string Practice,
    ClinicalRecordKind Kind,
    string Title,
    string Author,
    DateTimeOffset RecordedAt
);

public sealed record AccountRecordText(
    Guid Id,
    Guid GroupId,
    string Practice,
    ClinicalRecordKind Kind,
    string Title,
    string Body,
    string Author,
    DateTimeOffset RecordedAt
);

public sealed record HealthNote(
    Guid Id,
    Guid GroupId,
    string Practice,
    string Text,
    string SentBy,
    DateTimeOffset SentAt,
    RequestStatus Status
);

/// <param name="Reason">Clinical: null for who may not see clinical data.</param>
public sealed record AppointmentRequestView(
    Guid Id,
    Guid GroupId,
    string Practice,
    DateTimeOffset? StartsAt,
    string? Reason,
    string SentBy,
    DateTimeOffset SentAt,
    RequestStatus Status,
    Guid? AppointmentId
);

internal sealed class ListRecordsEndpoint : ICarterModule
{
    private const string Account = "/api/portal/accounts/{accountId:guid}";

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet(
                $"{Account}/appointments",
                async (Guid accountId, string? upcoming, Paging paging, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(new ListAccountAppointments(accountId, upcoming, paging), ct)).ToHttp(page =>
                        Results.Ok(page)
                    )
            )
            .RequireAccount()
            .WithName(nameof(ListAccountAppointments))
            .WithTags("Portal records")
            .Produces<Page<AccountAppointment>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        List<AccountInvoice>(app, "invoices", clinical: false, (accountId, paging) =>
            new ListAccountInvoices(accountId, paging)
        );
        List<AppointmentRequestView>(app, "appointment-requests", clinical: false, (accountId, paging) =>
            new ListAppointmentRequests(accountId, paging)
        );
        List<AccountRecord>(app, "clinical-records", clinical: true, (accountId, paging) =>
            new ListAccountRecords(accountId, paging)
        );
        List<HealthNote>(app, "health-notes", clinical: true, (accountId, paging) =>
            new ListHealthNotes(accountId, paging)
        );
        app.MapGet(
                $"{Account}/clinical-records/{{recordId:guid}}",
                async (Guid accountId, Guid recordId, IModuleBus bus, CancellationToken ct) =>
                    (await bus.SendAsync(new ReadAccountRecord(accountId, recordId), ct)).ToHttp(record =>
                        Results.Ok(record)
                    )
            )
            .RequireAccount(clinical: true)
            .WithName(nameof(ReadAccountRecord))
            .WithTags("Portal records")
            .Produces<AccountRecordText>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static void List<TItem>(
        IEndpointRouteBuilder app,
        string what,
        bool clinical,
        Func<Guid, Paging, ICommand<Page<TItem>>> command
    ) =>
        app.MapGet($"{Account}/{what}", async (Guid accountId, Paging paging, IModuleBus bus, CancellationToken ct) =>
                (await bus.SendAsync(command(accountId, paging), ct)).ToHttp(page => Results.Ok(page))
            )
            .RequireAccount(clinical: clinical)
            .WithName(command(default, null!).GetType().Name)
            .WithTags("Portal records")
            .Produces<Page<TItem>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
}

public static class ListAccountAppointmentsHandler
{
    public static async Task<ErrorOr<Page<AccountAppointment>>> Handle(
        ListAccountAppointments command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (paging, now) = (command.Paging, clock.GetUtcNow());
        if (QueryText.YesOrNo("upcoming", command.Upcoming) is var upcoming && upcoming.IsError)
            return upcoming.Errors;
        var (newer, later) = (
            upcoming.Value ? default : paging.AfterId(),
            upcoming.Value ? paging.AfterMomentAndId() : default
        );
        if (upcoming.Value ? later.IsError : newer.IsError)
            return upcoming.Value ? later.Errors : newer.Errors;

        var (account, clinical) = (
            await db.OpenAsync(work, "appointments", null, now, ct),
            work.Caller.Account.Clinical
        );
        var appointments = db.Appointments.AsNoTracking().Where(appointment => appointment.AccountId == account.Id);
        if (upcoming.Value)
        {
            appointments = appointments.Where(appointment =>
                appointment.Status == AppointmentStatus.Booked && appointment.EndsAt > now
            );
            if (later.Value is { } seen)
            {
                appointments = appointments.Where(appointment =>
                    EF.Functions.GreaterThan(
                        ValueTuple.Create(appointment.StartsAt, appointment.Id),
                        ValueTuple.Create(seen.At, seen.Id)
                    )
                );
            }
        }
        else if (newer.Value is { } seen)
        {
            appointments = appointments.Where(appointment => appointment.Id < seen);
        }

        var named = appointments.Join(
            db.Patients,
            appointment => appointment.PatientId,
            patient => patient.Id,
            (appointment, patient) => new { Appointment = appointment, patient.PracticeName }
        );
        named = upcoming.Value
            ? named.OrderBy(row => row.Appointment.StartsAt).ThenBy(row => row.Appointment.Id)
            : named.OrderByDescending(row => row.Appointment.Id);
        var rows = await named
            .Take(paging.Limit + 1)
            .Select(row => new AccountAppointment(
                row.Appointment.Id,
                row.Appointment.GroupId,
                row.PracticeName,
                row.Appointment.PractitionerName,
                row.Appointment.LocationName,
                row.Appointment.StartsAt,
                row.Appointment.EndsAt,
                row.Appointment.LocationTimeZone ?? account.TimeZone,
                row.Appointment.Status,
                clinical ? row.Appointment.Reason : null
            ))
            .ToListAsync(ct);
        return paging.Page(rows, row => row, row => upcoming.Value ? [row.StartsAt, row.Id] : [row.Id]);
    }
}

public static class ListAccountInvoicesHandler
{
    public static async Task<ErrorOr<Page<AccountInvoice>>> Handle(
        ListAccountInvoices command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Paging.AfterId() is var after && after.IsError)
            return after.Errors;
        var account = await db.OpenAsync(work, "invoices", null, clock.GetUtcNow(), ct);
        var rows = await (
            from invoice in db.Invoices.AsNoTracking()
            join patient in db.Patients on invoice.PatientId equals patient.Id
            where invoice.AccountId == account.Id && (after.Value == null || invoice.Id < after.Value)
            orderby invoice.Id descending
            select new { Invoice = invoice, patient.PracticeName }
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(
            rows,
            row => new AccountInvoice(
                row.Invoice.Id,
                row.Invoice.GroupId,
                row.PracticeName,
                row.Invoice.Number,
                row.Invoice.IssuedOn,
                row.Invoice.DueOn,
                row.Invoice.Currency,
                [
                    .. row.Invoice.Lines.Select(line => new AccountInvoiceLine(
                        line.Description,
                        line.Quantity,
                        Money(line.UnitPrice)
                    )),
                ],
                Money(row.Invoice.Total)
            ),
            row => [row.Invoice.Id]
        );
    }

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}

public static class ListAccountRecordsHandler
{
    public static async Task<ErrorOr<Page<AccountRecord>>> Handle(
        ListAccountRecords command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Paging.AfterId() is var after && after.IsError)
            return after.Errors;
        var account = await db.OpenAsync(work, "clinicalRecords", null, clock.GetUtcNow(), ct);
        var rows = await (
            from record in db.ClinicalRecords.AsNoTracking()
            join patient in db.Patients on record.PatientId equals patient.Id
            where record.AccountId == account.Id && (after.Value == null || record.Id < after.Value)
            orderby record.Id descending
            select new AccountRecord(
                record.Id,
                record.GroupId,
                patient.PracticeName,
                record.Kind,
                record.Title,
                record.AuthorName,
                record.RecordedAt
            )
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(rows, row => row, row => [row.Id]);
    }
}

public static class ReadAccountRecordHandler
{
    public static async Task<ErrorOr<AccountRecordText>> Handle(
        ReadAccountRecord command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var found = await (
            from record in db.ClinicalRecords.AsNoTracking()
            join patient in db.Patients on record.PatientId equals patient.Id
            where record.AccountId == command.AccountId && record.Id == command.RecordId
            select new AccountRecordText(
                record.Id,
                record.GroupId,
                patient.PracticeName,
                record.Kind,
                record.Title,
                record.Body,
                record.AuthorName,
                record.RecordedAt
            )
        ).SingleOrDefaultAsync(ct);
        if (found is null)
            return CommonErrors.NotFound;
        await db.OpenAsync(work, "clinicalRecord", found.Id, clock.GetUtcNow(), ct);
        return found;
    }
}

public static class ListHealthNotesHandler
{
    public static async Task<ErrorOr<Page<HealthNote>>> Handle(
        ListHealthNotes command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Paging.AfterId() is var after && after.IsError)
            return after.Errors;
        var account = await db.OpenAsync(work, "healthNotes", null, clock.GetUtcNow(), ct);
        var rows = await (
            from request in db.Requests.AsNoTracking()
            join patient in db.Patients on request.PatientId equals patient.Id
            where
                request.AccountId == account.Id
                && request.Kind == RequestKind.HealthNote
                && (after.Value == null || request.Id < after.Value)
            orderby request.Id descending
            select new HealthNote(
                request.Id,
                request.GroupId,
                patient.PracticeName,
                request.Text!,
                request.SentByName,
                request.SentAt,
                request.Status
            )
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(rows, row => row, row => [row.Id]);
    }
}

public static class ListAppointmentRequestsHandler
{
    public static async Task<ErrorOr<Page<AppointmentRequestView>>> Handle(
        ListAppointmentRequests command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (command.Paging.AfterId() is var after && after.IsError)
            return after.Errors;
        var (account, clinical) = (
            await db.OpenAsync(work, "appointmentRequests", null, clock.GetUtcNow(), ct),
            work.Caller.Account.Clinical
        );
        var rows = await (
            from request in db.Requests.AsNoTracking()
            join patient in db.Patients on request.PatientId equals patient.Id
            where
                request.AccountId == account.Id
                && request.Kind == RequestKind.Appointment
                && (after.Value == null || request.Id < after.Value)
            orderby request.Id descending
            select new AppointmentRequestView(
                request.Id,
                request.GroupId,
                patient.PracticeName,
                request.StartsAt,
                clinical ? request.Text : null,
                request.SentByName,
                request.SentAt,
                request.Status,
                request.AppointmentId
            )
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(rows, row => row, row => [row.Id]);
    }
}
