using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>An invoice as it shows in a portal account.</summary>
/// <param name="Practice">Its name today.</param>
/// <param name="Total">With tax: a decimal as text, in <paramref name="Currency"/>, as are all amounts.</param>
/// <param name="Balance">What is still to be paid.</param>
/// <param name="Payments">Those that count.</param>
public sealed record AccountInvoice(
    Guid Id,
    Guid GroupId,
    string Practice,
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
    IReadOnlyList<AccountPayment> Payments,
    InvoiceLetterhead Letterhead
)
{
    internal static AccountInvoice Of(Invoice invoice, Patient patient)
    {
        var (sum, currency) = (InvoiceSum.Of(invoice.Lines, invoice.Currency), invoice.Currency);
        return new(
            invoice.Id,
            invoice.GroupId,
            patient.PracticeName,
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
            [
                .. invoice
                    .Payments.Where(payment => !payment.IsReversed)
                    .Select(payment => new AccountPayment(
                        Money.Text(payment.Amount, currency),
                        payment.Method,
                        payment.PaidOn
                    )),
            ],
            invoice.LetterheadFor(patient)
        );
    }
}

public sealed record AccountPayment(string Amount, PaymentMethod Method, DateOnly PaidOn);
