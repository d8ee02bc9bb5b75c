using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>An invoice as staff read it. Amounts are decimal numbers as text, such as <c>12.50</c>.</summary>
/// <param name="PatientName">Null where names are hidden.</param>
/// <param name="PractitionerId">Whose work it is: who was named, else who issued it.</param>
/// <param name="Subtotal">Without tax.</param>
/// <param name="Total">With tax.</param>
/// <param name="Paid">The sum of the payments that were not reversed.</param>
/// <param name="Balance">What is still to be paid.</param>
public sealed record InvoiceView(
    Guid Id,
    Guid PatientId,
    string PatientCode,
    string? PatientName,
    Guid IssuedById,
    Guid PractitionerId,
    Guid? LocationId,
    string Number,
    DateOnly IssuedOn,
    DateOnly DueOn,
    string Currency,
    IReadOnlyList<InvoiceLineView> Lines,
    string Subtotal,
    IReadOnlyList<InvoiceTaxView> Taxes,
    string Total,
    InvoiceStatus Status,
    string Paid,
    string Balance,
    IReadOnlyList<InvoicePaymentView> Payments,
    DateTimeOffset? VoidedAt,
    string? VoidReason,
    InvoiceLetterhead Letterhead
)
{
    internal static InvoiceView Of(Invoice invoice, Patient patient, Caller caller)
    {
        var (sum, currency) = (InvoiceSum.Of(invoice.Lines, invoice.Currency), invoice.Currency);
        return new(
            invoice.Id,
            patient.Id,
            patient.Code,
            patient.NameFor(caller),
            invoice.IssuedById,
            invoice.PractitionerId ?? invoice.IssuedById,
            invoice.LocationId,
            invoice.Number,
            invoice.IssuedOn,
            invoice.DueOn,
            currency,
            InvoiceLineView.Of(invoice),
            Money.Text(sum.Subtotal, currency),
            InvoiceTaxView.Of(sum, currency),
            Money.Text(invoice.Total, currency),
            invoice.Status,
            Money.Text(invoice.Paid, currency),
            Money.Text(invoice.Balance, currency),
            [.. invoice.Payments.Select(payment => InvoicePaymentView.Of(payment, currency))],
            invoice.VoidedAt,
            invoice.VoidReason,
            HeadFor(invoice, patient, caller)
        );
    }

    internal static InvoiceLetterhead HeadFor(Invoice invoice, Patient patient, Caller caller) =>
        invoice.LetterheadFor(patient) is var head && caller.May(Access.HidePatientNames)
            ? head with
            {
                PatientName = null,
            }
            : head;
}

/// <param name="TaxRate">In percent; null for none.</param>
/// <param name="Amount">Without tax.</param>
public sealed record InvoiceLineView(
    string Description,
    decimal Quantity,
    string UnitPrice,
    decimal? TaxRate,
    string Amount
)
{
    internal static IReadOnlyList<InvoiceLineView> Of(Invoice invoice) =>
        [
            .. invoice.Lines.Select(line => new InvoiceLineView(
                line.Description,
                line.Quantity,
                Money.Text(line.UnitPrice, invoice.Currency),
                line.TaxRate,
                Money.Text(line.Amount(invoice.Currency), invoice.Currency)
            )),
        ];
}

/// <param name="Rate">In percent.</param>
/// <param name="Net">What the tax is on.</param>
public sealed record InvoiceTaxView(decimal Rate, string Net, string Tax)
{
    internal static IReadOnlyList<InvoiceTaxView> Of(InvoiceSum sum, string currency) =>
        [
            .. sum.Taxes.Select(tax => new InvoiceTaxView(
                tax.Rate,
                Money.Text(tax.Net, currency),
                Money.Text(tax.Tax, currency)
            )),
        ];
}

/// <param name="ReversedAt">When it was taken back; null where it counts.</param>
public sealed record InvoicePaymentView(
    Guid Id,
    string Amount,
    PaymentMethod Method,
    DateOnly PaidOn,
    DateTimeOffset? ReversedAt,
    string? ReversalReason
)
{
    internal static InvoicePaymentView Of(InvoicePayment payment, string currency) =>
        new(
            payment.Id,
            Money.Text(payment.Amount, currency),
            payment.Method,
            payment.PaidOn,
            payment.ReversedAt,
            payment.ReversalReason
        );
}
