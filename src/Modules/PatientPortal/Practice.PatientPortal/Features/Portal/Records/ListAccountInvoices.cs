using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Records;

/// <summary>The account's invoices from all practices, by date, the latest first.</summary>
public sealed record ListAccountInvoices(Guid AccountId, Paging Paging) : Message, ICommand<Page<AccountInvoice>>;

internal sealed class ListAccountInvoicesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/invoices", Get)
            .RequireAccount()
            .WithName(nameof(ListAccountInvoices))
            .WithTags("Portal records")
            .Produces<Page<AccountInvoice>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid accountId, Paging paging, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ListAccountInvoices(accountId, paging), ct)).ToHttp(page => Results.Ok(page));
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
        if (command.Paging.AfterMomentAndId() is var after && after.IsError)
            return after.Errors;
        var account = await db.OpenAccountAsync(work, AccessLogAction.Invoices, clock.GetUtcNow(), subjectId: null, ct);
        var rows = await (
            from invoice in db.Invoices.AsNoTracking().After(after.Value)
            join patient in db.Patients.AsNoTracking() on invoice.PatientId equals patient.Id
            where invoice.AccountId == account.Id
            orderby invoice.IssuedOn descending, invoice.Id descending
            select new { Invoice = invoice, Patient = patient }
        )
            .Take(command.Paging.Limit + 1)
            .ToListAsync(ct);
        return command.Paging.Page(
            rows,
            row => AccountInvoice.Of(row.Invoice, row.Patient),
            row => InvoiceLists.KeysOf(row.Invoice)
        );
    }
}
