using System.Globalization;
using System.Text.RegularExpressions;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Domain.Printing;

/// <summary>What an invoice says on paper, in order, as text.</summary>
public sealed partial record InvoiceSheet
{
    public string Title { get; init; } = "";
    public string Number { get; init; } = "";
    public string Practice { get; init; } = "";
    public IReadOnlyList<string> PracticeDetails { get; init; } = [];
    public IReadOnlyList<SheetFact> Facts { get; init; } = [];
    public string BilledTo { get; init; } = "";
    public string Currency { get; init; } = "";
    public bool HasTax { get; init; }
    public bool IsVoid { get; init; }
    public IReadOnlyList<SheetLine> Lines { get; init; } = [];
    public IReadOnlyList<SheetSum> Sums { get; init; } = [];
    public IReadOnlyList<SheetPayment> Payments { get; init; } = [];

    /// <summary>The texts that people have entered.</summary>
    private IEnumerable<string> Entered =>
        [
            Number,
            Practice,
            .. PracticeDetails,
            .. Facts.Select(fact => fact.Value),
            .. Lines.Select(line => line.Description),
        ];

    /// <summary>The sheet, unless it has letters that no font of the product has: they would be missing.</summary>
    internal ErrorOr<InvoiceSheet> WithAllLetters() =>
        Entered.All(Typefaces.Have) ? this : PortalErrors.LettersNotPrintable;

    /// <param name="code">The patient's code: instead of a name that is hidden, or that no font can draw.</param>
    internal static InvoiceSheet Of(Invoice invoice, InvoiceLetterhead head, string code)
    {
        var (sum, currency) = (InvoiceSum.Of(invoice.Lines, invoice.Currency), invoice.Currency);
        return new()
        {
            Title = sum.Taxes.Count > 0 ? "Tax invoice" : "Invoice",
            Number = invoice.Number,
            Practice = head.PracticeName,
            PracticeDetails = [.. new[] { head.Address, head.Phone, NumberOf(head.BusinessNumber) }.OfType<string>()],
            Facts =
            [
                .. new (string Label, string? Value)[]
                {
                    ("Number", invoice.Number),
                    ("Issued", DayOf(invoice.IssuedOn)),
                    ("Due", DayOf(invoice.DueOn)),
                    ("Practitioner", head.PractitionerName),
                    ("Registration", head.RegistrationNumber),
                    ("Location", head.LocationName),
                }
                    .Where(fact => fact.Value is not null)
                    .Select(fact => new SheetFact(fact.Label, fact.Value!)),
            ],
            BilledTo = head.PatientName is { } name && Typefaces.Have(name) ? name : $"Patient {code}",
            Currency = currency,
            HasTax = sum.Taxes.Count > 0,
            IsVoid = invoice.Status == InvoiceStatus.Void,
            Lines =
            [
                .. invoice.Lines.Select(line => new SheetLine(
                    line.Description,
                    line.Quantity.ToString("0.###", CultureInfo.InvariantCulture),
                    AmountOf(line.UnitPrice),
                    line.TaxRate is { } rate ? PercentOf(rate) : "–",
                    AmountOf(line.Amount(currency))
                )),
            ],
            Sums =
            [
                .. sum.Taxes.Count > 0
                    ? [new SheetSum("Without tax", AmountOf(sum.Subtotal), Strong: false)]
                    : Array.Empty<SheetSum>(),
                .. sum.Taxes.Select(tax => new SheetSum(
                    $"Tax {PercentOf(tax.Rate)} on {AmountOf(tax.Net)}",
                    AmountOf(tax.Tax),
                    Strong: false
                )),
                new($"Total {currency}", AmountOf(invoice.Total), Strong: true),
                new("Paid", AmountOf(invoice.Paid), Strong: false),
                new($"To be paid {currency}", AmountOf(invoice.Balance), Strong: true),
            ],
            Payments =
            [
                .. invoice
                    .Payments.Where(payment => !payment.IsReversed)
                    .Select(payment => new SheetPayment(
                        $"{DayOf(payment.PaidOn)}, {NameOf(payment.Method)}",
                        AmountOf(payment.Amount)
                    )),
            ],
        };

        string AmountOf(decimal amount) => Grouped(Money.Text(amount, currency));
    }

    /// <summary>Such as <c>1,120.15</c>.</summary>
    private static string Grouped(string amount)
    {
        var point = amount.IndexOf('.', StringComparison.Ordinal);
        var whole = decimal.Parse(point < 0 ? amount : amount[..point], CultureInfo.InvariantCulture);
        return $"{whole.ToString("#,##0", CultureInfo.InvariantCulture)}{(point < 0 ? "" : amount[point..])}";
    }

    private static string DayOf(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private static string PercentOf(decimal rate) => $"{rate.ToString("0.##", CultureInfo.InvariantCulture)}%";

    private static string? NumberOf(string? businessNumber) =>
        businessNumber is null ? null
        : Abn().IsMatch(businessNumber) ? $"ABN {businessNumber}"
        : $"Tax number {businessNumber}";

    private static string NameOf(PaymentMethod method) =>
        method switch
        {
            PaymentMethod.Cash => "cash",
            PaymentMethod.Card => "card",
            PaymentMethod.BankTransfer => "bank transfer",
            PaymentMethod.DirectDebit => "direct debit",
            PaymentMethod.Cheque => "cheque",
            PaymentMethod.Insurer => "health fund or insurer",
            PaymentMethod.Other => "other",
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Not a way to pay."),
        };

    [GeneratedRegex(@"^\d{2} \d{3} \d{3} \d{3}\z")]
    private static partial Regex Abn();
}

public sealed record SheetFact(string Label, string Value);

/// <param name="Strong">Whether it stands out.</param>
public sealed record SheetSum(string Label, string Amount, bool Strong);

public sealed record SheetPayment(string What, string Amount);

public sealed record SheetLine(string Description, string Quantity, string UnitPrice, string TaxRate, string Amount);
