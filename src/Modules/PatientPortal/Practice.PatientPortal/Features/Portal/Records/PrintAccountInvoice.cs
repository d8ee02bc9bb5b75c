using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Printing;

namespace Practice.PatientPortal.Features.Portal.Records;

/// <summary>An invoice of the account as a PDF.</summary>
public sealed record PrintAccountInvoice(Guid AccountId, Guid InvoiceId) : Message, ICommand<InvoiceSheet>;

internal sealed class PrintAccountInvoiceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/invoices/{invoiceId:guid}/pdf", Get)
            .RequireAccount()
            .WithName(nameof(PrintAccountInvoice))
            .WithTags("Portal records")
            .Produces<Stream>(StatusCodes.Status200OK, InvoicePdf.ContentType)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Get(Guid accountId, Guid invoiceId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new PrintAccountInvoice(accountId, invoiceId), ct)).ToHttp(InvoiceFile.Answer);
}

public static class PrintAccountInvoiceHandler
{
    public static async Task<ErrorOr<InvoiceSheet>> Handle(
        PrintAccountInvoice command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.FindAccountInvoiceAsync(command.AccountId, command.InvoiceId, ct) is not { } found)
            return CommonErrors.NotFound;
        await db.OpenAccountAsync(work, AccessLogAction.Invoices, clock.GetUtcNow(), found.Invoice.Id, ct);
        return InvoiceSheet
            .Of(found.Invoice, found.Invoice.LetterheadFor(found.Patient), found.Patient.Code)
            .WithAllLetters();
    }
}
