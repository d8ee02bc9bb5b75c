using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>Takes back a payment that was recorded by mistake or did not arrive. It stays listed.</summary>
public sealed record ReversePayment(Guid GroupId, Guid InvoiceId, Guid PaymentId, Body<BillingReason> Body)
    : Message,
        ICommand<Success>;

internal sealed class ReversePaymentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/invoices/{invoiceId:guid}/payments/{paymentId:guid}/reverse", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(ReversePayment))
            .WithTags("Invoices")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid invoiceId,
        Guid paymentId,
        Body<BillingReason> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new ReversePayment(groupId, invoiceId, paymentId, body), ct)).ToHttp(Results.NoContent);
}

public static class ReversePaymentHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ReversePayment command,
        PatientPortalDbContext db,
        UnitOfWork work,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (
            await db.LockInvoiceAsync(command.GroupId, command.InvoiceId, ct) is not { } invoice
            || !invoice.Payments.Any(payment => payment.Id == command.PaymentId)
        )
            return CommonErrors.NotFound; // comes before the body's errors
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var reversed = invoice.Reverse(command.PaymentId, read.Value.Reason!, work.Caller.Person, clock.GetUtcNow());
        if (reversed.IsError)
            return reversed.Errors;
        work.Audit(
            PortalAudit.PaymentReversed,
            invoice.Id,
            command.GroupId,
            new
            {
                invoice.PatientId,
                command.PaymentId,
                Amount = Money.Text(reversed.Value.Amount, invoice.Currency),
                invoice.Currency,
                read.Value.Reason,
            }
        );
        await work.TellWebhooksAsync(invoice.ToEvent(InvoiceStep.PaymentReversed, command.PaymentId));
        return Result.Success;
    }
}
