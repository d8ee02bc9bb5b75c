using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Printing;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>One invoice as a PDF.</summary>
public sealed record PrintInvoice(Guid GroupId, Guid InvoiceId) : Message, ICommand<InvoiceSheet>;

internal sealed class PrintInvoiceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/groups/{groupId:guid}/invoices/{invoiceId:guid}/pdf", Get)
            .RequireMember()
            .WithName(nameof(PrintInvoice))
            .WithTags("Invoices")
            .Produces<Stream>(StatusCodes.Status200OK, InvoicePdf.ContentType)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Get(Guid groupId, Guid invoiceId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new PrintInvoice(groupId, invoiceId), ct)).ToHttp(InvoiceFile.Answer);
}

public static class PrintInvoiceHandler
{
    public static async Task<ErrorOr<InvoiceSheet>> Handle(
        PrintInvoice command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (
            await db.OpenInvoiceAsync(work, bus, command.GroupId, command.InvoiceId, clock.GetUtcNow(), ct)
            is not { } found
        )
            return CommonErrors.NotFound;
        return InvoiceSheet
            .Of(found.Invoice, InvoiceView.HeadFor(found.Invoice, found.Patient, work.Caller), found.Patient.Code)
            .WithAllLetters();
    }
}
