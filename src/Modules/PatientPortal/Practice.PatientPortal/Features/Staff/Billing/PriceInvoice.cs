using FluentValidation;
using Practice.PatientPortal.Domain.Records;
using Practice.Shared.Idempotency;

namespace Practice.PatientPortal.Features.Staff.Billing;

/// <summary>An invoice that is being written. Its lines need no description yet.</summary>
/// <param name="Currency">ISO 4217, such as <c>AUD</c>.</param>
internal sealed record InvoiceDraft(string? Currency, IReadOnlyList<NewInvoiceLine?>? Lines);

/// <param name="Amounts">
/// Of each line, without tax, rounded to the currency's minor unit, half away from zero.
/// </param>
/// <param name="Subtotal">The sum of the amounts.</param>
/// <param name="Taxes">By rate; what each comes to is rounded in the same way.</param>
/// <param name="Total">With tax.</param>
internal sealed record PricedDraft(
    IReadOnlyList<string> Amounts,
    string Subtotal,
    IReadOnlyList<InvoiceTaxView> Taxes,
    string Total
);

internal sealed class InvoiceDraftValidator : AbstractValidator<InvoiceDraft>
{
    public InvoiceDraftValidator() => this.PricedLines(draft => draft.Currency, draft => draft.Lines);
}

/// <summary>
/// What an invoice would come to, so that a page can show the total before it is issued and needs no rule of its own.
/// Nothing is stored.
/// </summary>
internal sealed class PriceInvoiceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/groups/{groupId:guid}/invoices/price", Post)
            .RequireMember()
            .WithoutIdempotency()
            .WithName("PriceInvoice")
            .WithTags("Invoices")
            .Produces<PricedDraft>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult Post(Guid groupId, Body<InvoiceDraft> body) =>
        body.Read()
            .Then(draft =>
            {
                var (currency, lines) = (draft.Currency!, draft.Lines!.Select(line => line!.Read()).ToList());
                var sum = InvoiceSum.Of(lines, currency);
                return new PricedDraft(
                    lines.ConvertAll(line => Money.Text(line.Amount(currency), currency)),
                    Money.Text(sum.Subtotal, currency),
                    InvoiceTaxView.Of(sum, currency),
                    Money.Text(sum.Total, currency)
                );
            })
            .ToHttp(Results.Ok);
}
