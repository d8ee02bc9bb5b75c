using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Portal.Records;

/// <summary>One invoice of the account.</summary>
public sealed record ReadAccountInvoice(Guid AccountId, Guid InvoiceId) : Message, ICommand<AccountInvoice>;

internal sealed class ReadAccountInvoiceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/invoices/{invoiceId:guid}", Get)
            .RequireAccount()
            .WithName(nameof(ReadAccountInvoice))
            .WithTags("Portal records")
            .Produces<AccountInvoice>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(Guid accountId, Guid invoiceId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new ReadAccountInvoice(accountId, invoiceId), ct)).ToHttp(Results.Ok);
}

public static class ReadAccountInvoiceHandler
{
    public static async Task<ErrorOr<AccountInvoice>> Handle(
        ReadAccountInvoice command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindAccountInvoiceAsync(command.AccountId, command.InvoiceId, ct) is not { } found)
            return CommonErrors.NotFound;
        await db.OpenAccountAsync(work, AccessLogAction.Invoices, clock.GetUtcNow(), found.Invoice.Id, ct);
        return AccountInvoice.Of(found.Invoice, found.Patient);
    }
}
