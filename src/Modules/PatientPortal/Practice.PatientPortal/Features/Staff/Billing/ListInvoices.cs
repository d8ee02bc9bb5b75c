using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>
/// The practice's invoices, newest first, by status, days of issue, practitioner and location: as far as the caller
/// sees them and their patients.
/// </summary>
public sealed record ListInvoices(
    Guid GroupId,
    QueryValue<InvoiceFilter>? Status,
    QueryValue<DateOnly>? From,
    QueryValue<DateOnly>? To,
    QueryValue<Guid>? PractitionerId,
    QueryValue<Guid>? LocationId,
    Paging Paging
) : Message, ICommand<Page<InvoiceView>>;

/// <summary>What the list can be narrowed to: a status, or all of which something is still to be paid.</summary>
public enum InvoiceFilter
{
    Issued,
    PartlyPaid,
    Paid,
    Void,
    Unpaid,
}

internal sealed class ListInvoicesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/invoices", Get)
            .RequireMember()
            .WithOperationId<ListInvoices>("ListGroupInvoices")
            .WithTags("Invoices")
            .Produces<Page<InvoiceView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid groupId,
        QueryValue<InvoiceFilter>? status,
        QueryValue<DateOnly>? from,
        QueryValue<DateOnly>? to,
        QueryValue<Guid>? practitionerId,
        QueryValue<Guid>? locationId,
        Paging paging,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (
            await bus.SendAsync(new ListInvoices(groupId, status, from, to, practitionerId, locationId, paging), ct)
        ).ToHttp(Results.Ok);
}

public static class ListInvoicesHandler
{
    public static async Task<ErrorOr<Page<InvoiceView>>> Handle(
        ListInvoices command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (groupId, status, from, to, practitionerId, locationId, paging) = command;
        var after = paging.AfterMomentAndId();
        var only = QueryText.OneOf(nameof(status), status);
        var first = QueryText.Day(nameof(from), from);
        var last = QueryText.Day(nameof(to), to);
        var by = QueryText.Id(nameof(practitionerId), practitionerId);
        var at = QueryText.Id(nameof(locationId), locationId);
        List<Error> wrong =
        [
            .. after.ErrorsOrEmptyList,
            .. only.ErrorsOrEmptyList,
            .. first.ErrorsOrEmptyList,
            .. last.ErrorsOrEmptyList,
            .. by.ErrorsOrEmptyList,
            .. at.ErrorsOrEmptyList,
        ];
        if (wrong.Count > 0)
            return wrong;

        var invoices = db.VisibleToCaller(db.Invoices.AsNoTracking().Where(invoice => invoice.GroupId == groupId));
        if (only.Value is { } filter)
            invoices = filter switch
            {
                InvoiceFilter.Issued => invoices.Where(invoice => invoice.Status == InvoiceStatus.Issued),
                InvoiceFilter.PartlyPaid => invoices.Where(invoice => invoice.Status == InvoiceStatus.PartlyPaid),
                InvoiceFilter.Paid => invoices.Where(invoice => invoice.Status == InvoiceStatus.Paid),
                InvoiceFilter.Void => invoices.Where(invoice => invoice.Status == InvoiceStatus.Void),
                InvoiceFilter.Unpaid => invoices.Where(Invoice.IsUnpaid),
                _ => throw new ArgumentOutOfRangeException(nameof(command), filter, null),
            };
        if (first.Value is { } begin)
            invoices = invoices.Where(invoice => invoice.IssuedOn >= begin);
        if (last.Value is { } end)
            invoices = invoices.Where(invoice => invoice.IssuedOn <= end);
        if (by.Value is { } person)
            invoices = invoices.Where(invoice => invoice.PractitionerId == person);
        if (at.Value is { } place)
            invoices = invoices.Where(invoice => invoice.LocationId == place);
        invoices = db.OfVisiblePatients(invoices.After(after.Value), groupId, invoice => invoice.PatientId);

        // The page is cut before the patients are joined: with them PostgreSQL expects so few rows that it would read
        // and sort all of them.
        var page = invoices
            .OrderByDescending(invoice => invoice.IssuedOn)
            .ThenByDescending(invoice => invoice.Id)
            .Take(paging.Limit + 1);
        var rows = await db.WithPatients(page, groupId)
            .OrderByDescending(row => row.Invoice.IssuedOn)
            .ThenByDescending(row => row.Invoice.Id)
            .ToListAsync(ct);
        await AccessLogging.RecordAsync(
            db,
            work,
            bus,
            PortalAudit.InvoicesOpened,
            groupId,
            rows.Take(paging.Limit).Select(row => row.Patient),
            AccessLogAction.Invoices,
            clock.GetUtcNow(),
            ct
        );
        return paging.Page(
            rows,
            row => InvoiceView.Of(row.Invoice, row.Patient, work.Caller),
            row => InvoiceLists.KeysOf(row.Invoice)
        );
    }
}
