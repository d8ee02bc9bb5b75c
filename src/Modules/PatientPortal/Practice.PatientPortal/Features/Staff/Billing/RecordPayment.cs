using FluentValidation;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>Records a payment of an invoice, up to what is still to be paid.</summary>
public sealed record RecordPayment(Guid GroupId, Guid InvoiceId, Body<NewPayment> Body)
    : Message,
        ICommand<NewResource>;

/// <param name="Amount">A decimal number as text, such as <c>12.50</c>, in the invoice's currency.</param>
/// <param name="PaidOn">When the money came in.</param>
public sealed record NewPayment(string? Amount, PaymentMethod? Method, DateOnly? PaidOn);

internal sealed class NewPaymentValidator : AbstractValidator<NewPayment>
{
    public NewPaymentValidator()
    {
        RuleFor(payment => payment.Amount).RequiredText(30);
        RuleFor(payment => payment.Method).Required();
        RuleFor(payment => payment.PaidOn).Required().PlausibleDay();
    }
}

internal sealed class RecordPaymentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/invoices/{invoiceId:guid}/payments", Post)
            .RequireAccess(Access.None)
            .WithName(nameof(RecordPayment))
            .WithTags("Invoices")
            .Produces<NewResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> Post(
        Guid groupId,
        Guid invoiceId,
        Body<NewPayment> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new RecordPayment(groupId, invoiceId, body), ct)).ToHttp(made =>
            Results.Created($"/api/groups/{groupId}/invoices/{invoiceId}", made)
        );
}

public static class RecordPaymentHandler
{
    /// <summary>Where it is already tomorrow.</summary>
    private const int DaysAhead = 1;

    public static async Task<ErrorOr<NewResource>> Handle(
        RecordPayment command,
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

        var (now, input) = (clock.GetUtcNow(), read.Value);
        if (input.PaidOn > DateOnly.FromDateTime(now.UtcDateTime).AddDays(DaysAhead))
            return ApiError.InvalidField("paidOn", "This day is in the future. Enter when the money came in.");
        var paid = AmountOf(input.Amount!.Trim(), invoice)
            .Then(amount => invoice.Pay(amount, input.Method!.Value, input.PaidOn!.Value, work.Caller.Person, now));
        if (paid.IsError)
            return paid.Errors;

        work.Audit(
            PortalAudit.PaymentRecorded,
            invoice.Id,
            command.GroupId,
            new
            {
                invoice.PatientId,
                PaymentId = paid.Value.Id,
                Amount = Money.Text(paid.Value.Amount, invoice.Currency),
                invoice.Currency,
                Method = paid.Value.Method.ToCode(),
            }
        );
        await work.TellWebhooksAsync(invoice.ToEvent(InvoiceStep.PaymentRecorded, paid.Value.Id));
        return new NewResource(paid.Value.Id);
    }

    /// <summary>
    /// In the currency's minor unit. Invoices in yen that were issued with decimals, before the currency decided, can
    /// still be paid to the end.
    /// </summary>
    private static ErrorOr<decimal> AmountOf(string text, Invoice invoice)
    {
        if (
            text != Money.Text(invoice.Balance, invoice.Currency)
            && NewInvoiceLine.WrongWithPrice(text, invoice.Currency) is { } wrong
        )
            return ApiError.InvalidField("amount", wrong);
        var amount = NewInvoiceLine.ReadAmount(text);
        return amount > 0 ? amount : ApiError.InvalidField("amount", "Enter more than zero.");
    }
}
