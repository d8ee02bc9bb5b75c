using System.Linq.Expressions;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>How much of an invoice is paid, or that it was issued by mistake. Stored by these names.</summary>
public enum InvoiceStatus
{
    Issued,
    PartlyPaid,
    Paid,
    Void,
}

/// <summary>An invoice to a patient. Money is exact, in the invoice's currency.</summary>
public sealed class Invoice
{
    /// <summary>More are a mistake, or somebody who fills the row.</summary>
    internal const int MaxPayments = 100;

    /// <summary>Something is still to be paid.</summary>
    internal static readonly Expression<Func<Invoice, bool>> IsUnpaid = invoice =>
        invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartlyPaid;

    private Invoice() { }

    public Guid Id { get; private init; }
    public Guid GroupId { get; private init; }
    public Guid PatientId { get; private init; }
    public Guid? AccountId { get; private init; }
    public Guid IssuedById { get; private init; }

    /// <summary>
    /// Whose work it is: who was named, else who issued it. Null only of invoices that the release before wrote while
    /// this one was being installed.
    /// </summary>
    public Guid? PractitionerId { get; private init; }

    /// <summary>Where the work was done, if somebody said so.</summary>
    public Guid? LocationId { get; private init; }

    /// <summary>Null of invoices that were issued before it was kept.</summary>
    public InvoiceLetterhead? Letterhead { get; private init; }

    public string Number { get; private init; } = null!;
    public DateOnly IssuedOn { get; private init; }
    public DateOnly DueOn { get; private init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; private init; } = null!;

    public IReadOnlyList<InvoiceLine> Lines { get; private init; } = [];

    /// <summary>With tax.</summary>
    public decimal Total { get; private init; }

    public InvoiceStatus Status { get; private set; }

    /// <summary>The sum of the payments that were not reversed.</summary>
    public decimal Paid { get; private set; }

    public IReadOnlyList<InvoicePayment> Payments { get; private set; } = [];
    public DateTimeOffset? VoidedAt { get; private set; }
    public Guid? VoidedById { get; private set; }
    public string? VoidReason { get; private set; }

    /// <summary>When the row last changed; the database says so.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    internal InvoiceLetterhead LetterheadFor(Patient patient) => Letterhead ?? InvoiceLetterhead.OfEarlier(patient);

    /// <summary>What is still to be paid: nothing of a void invoice.</summary>
    internal decimal Balance => Status == InvoiceStatus.Void ? 0 : Total - Paid;

    internal static Invoice Issue(
        Patient patient,
        Guid issuedById,
        Guid? practitionerId,
        Guid? locationId,
        InvoiceLetterhead letterhead,
        string number,
        DateOnly issuedOn,
        DateOnly dueOn,
        string currency,
        List<InvoiceLine> lines,
        DateTimeOffset now
    )
    {
        var invoice = new Invoice
        {
            Id = Guid.CreateVersion7(now),
            GroupId = patient.GroupId,
            PatientId = patient.Id,
            AccountId = patient.AccountId,
            IssuedById = issuedById,
            PractitionerId = practitionerId ?? issuedById,
            LocationId = locationId,
            Letterhead = letterhead,
            Number = number,
            IssuedOn = issuedOn,
            DueOn = dueOn,
            Currency = currency,
            Lines = lines,
            Total = InvoiceSum.Of(lines, currency).Total,
        };
        invoice.Settle();
        return invoice;
    }

    /// <summary>Records a payment: never more than is still to be paid.</summary>
    internal ErrorOr<InvoicePayment> Pay(
        decimal amount,
        PaymentMethod method,
        DateOnly paidOn,
        Guid recordedById,
        DateTimeOffset now
    )
    {
        if (Status == InvoiceStatus.Void)
            return PortalErrors.InvoiceVoid;
        if (amount > Balance)
            return PortalErrors.PaymentBeyondBalance(Money.Text(Balance, Currency), Currency);
        if (Payments.Count >= MaxPayments)
            return PortalErrors.TooManyPayments;
        var payment = new InvoicePayment(Guid.CreateVersion7(now), amount, method, paidOn, recordedById, now);
        Payments = [.. Payments, payment];
        Settle();
        return payment;
    }

    /// <summary>Takes a payment back. It stays listed, with the reason.</summary>
    internal ErrorOr<InvoicePayment> Reverse(Guid paymentId, string reason, Guid reversedById, DateTimeOffset now)
    {
        var payment = Payments.Single(one => one.Id == paymentId);
        if (payment.IsReversed)
            return PortalErrors.PaymentReversed;
        var reversed = payment with { ReversedAt = now, ReversedById = reversedById, ReversalReason = reason.Trim() };
        Payments = [.. Payments.Select(one => one.Id == paymentId ? reversed : one)];
        Settle();
        return reversed;
    }

    /// <summary>
    /// Nothing is to be paid any more. The invoice keeps its number and stays in the list. Not while payments are left:
    /// the money would belong to nothing.
    /// </summary>
    internal ErrorOr<Success> MakeVoid(string reason, Guid voidedById, DateTimeOffset now)
    {
        if (Status == InvoiceStatus.Void)
            return PortalErrors.InvoiceVoid;
        if (Paid > 0)
            return PortalErrors.InvoiceHasPayments;
        (Status, VoidReason, VoidedById, VoidedAt) = (InvoiceStatus.Void, reason.Trim(), voidedById, now);
        return Result.Success;
    }

    private void Settle()
    {
        Paid = Payments.Where(payment => !payment.IsReversed).Sum(payment => payment.Amount);
        Status =
            Paid == Total ? InvoiceStatus.Paid
            : Paid > 0 ? InvoiceStatus.PartlyPaid
            : InvoiceStatus.Issued;
    }
}

/// <param name="TaxRate">In percent, on top of the price; null where the line is not about tax at all.</param>
public sealed record InvoiceLine(string Description, decimal Quantity, decimal UnitPrice, decimal? TaxRate = null)
{
    /// <summary>Without tax. Rounded by itself: the subtotal is the sum of what each line shows.</summary>
    internal decimal Amount(string currency) => Money.Round(Quantity * UnitPrice, currency);
}
