using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>
/// Voids an invoice that was issued by mistake: it keeps its number, and nothing is to be paid. Payments are reversed
/// first.
/// </summary>
public sealed record VoidInvoice(Guid GroupId, Guid InvoiceId, Body<BillingReason> Body) : Message, ICommand<Success>;

internal sealed class VoidInvoiceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/invoices/{invoiceId:guid}/void", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(VoidInvoice))
            .WithTags("Invoices")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid invoiceId,
        Body<BillingReason> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new VoidInvoice(groupId, invoiceId, body), ct)).ToHttp(Results.NoContent);
}

public static class VoidInvoiceHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        VoidInvoice command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockInvoiceAsync(command.GroupId, command.InvoiceId, ct) is not { } invoice)
            return CommonErrors.NotFound;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var voided = invoice.MakeVoid(read.Value.Reason!, work.Caller.Person, clock.GetUtcNow());
        if (voided.IsError)
            return voided;
        work.Audit(
            PortalAudit.InvoiceVoided,
            invoice.Id,
            command.GroupId,
            new { invoice.PatientId, read.Value.Reason }
        );
        await work.TellWebhooksAsync(invoice.ToEvent(InvoiceStep.Voided));
        return voided;
    }
}
