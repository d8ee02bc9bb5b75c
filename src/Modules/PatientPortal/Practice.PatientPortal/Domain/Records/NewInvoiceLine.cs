using System.Globalization;
using System.Text.RegularExpressions;
using FluentValidation;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>A line of an invoice that is being written.</summary>
/// <param name="UnitPrice">
/// A decimal number as text, such as <c>12.50</c>, in the currency’s minor unit at most. Without tax.
/// </param>
/// <param name="TaxRate">In percent, on top of the price: 0 to 100, with two decimals at most. Absent: no tax.</param>
public sealed partial record NewInvoiceLine(
    string? Description,
    decimal? Quantity,
    string? UnitPrice,
    decimal? TaxRate = null
)
{
    private const int QuantityDigits = 3;
    private const int RateDigits = 2;
    internal const decimal MaxRate = 100;
    internal const decimal MaxQuantity = 100_000;
    private const decimal MaxTotal = 9_999_999_999_999.99m;

    internal const int MaxLines = 100;

    internal InvoiceLine Read() => new(Description?.Trim() ?? "", Quantity!.Value, ReadAmount(UnitPrice!), TaxRate);

    internal static decimal ReadAmount(string amount) =>
        decimal.Parse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    internal static bool AreTooMuch(IReadOnlyList<NewInvoiceLine?> lines, string? currency) =>
        lines.All(line =>
            WrongWithQuantity(line?.Quantity) is null
            && WrongWithPrice(line?.UnitPrice, currency) is null
            && WrongWithTaxRate(line?.TaxRate) is null
        )
        && InvoiceSum.Of(lines.Select(line => line!.Read()), currency!).Total > MaxTotal;

    internal static string? WrongWithQuantity(decimal? quantity) =>
        quantity switch
        {
            null => "This field is required.",
            <= 0 or > MaxQuantity => $"More than 0, and at most {MaxQuantity}.",
            { } number when number != decimal.Round(number, QuantityDigits) => $"At most {QuantityDigits} decimals.",
            _ => null,
        };

    internal static string? WrongWithTaxRate(decimal? rate) =>
        rate switch
        {
            < 0 or > MaxRate => $"0 to {MaxRate} percent.",
            { } number when number != decimal.Round(number, RateDigits) => $"At most {RateDigits} decimals.",
            _ => null,
        };

    /// <summary>A sentence that says how to write the price, where it is none in this currency.</summary>
    internal static string? WrongWithPrice(string? price, string? currency)
    {
        if (price is null)
            return "This field is required.";
        if (Amount().Match(price) is not { Success: true } amount)
            return
                CommaAmount().Match(price) is { Success: true } comma
                && !(Currencies.MinorDigits(currency) < comma.Groups["part"].Length)
                ? $"Write {comma.Groups["whole"].Value}.{comma.Groups["part"].Value}, with a point before the decimals."
                : "Enter an amount such as 12.50, with nothing but digits and a point.";
        return (Currencies.MinorDigits(currency), amount.Groups["part"].Length) switch
        {
            (null, > Currencies.MaxMinorDigits) => $"At most {Currencies.MaxMinorDigits} decimals.",
            (0, > 0) => $"{currency} has no decimals. Enter a whole number.",
            ({ } digits, var given) when given > digits => $"{currency} has {digits} decimals at most.",
            _ => null,
        };
    }

    /// <summary>For the API document.</summary>
    internal const string AmountForm = @"^(0|[1-9][0-9]{0,9})(\.[0-9]{1,4})?$";

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,9})(\.(?<part>[0-9]{1,9}))?\z")]
    private static partial Regex Amount();

    /// <summary>Decimals behind a comma. Three of them may mean thousands.</summary>
    [GeneratedRegex(@"^\s*(?<whole>0|[1-9][0-9]{0,9}),(?<part>[0-9]{1,2})\s*\z")]
    private static partial Regex CommaAmount();
}

internal static class InvoiceLineRules
{
    /// <summary>The currency, and what quantities, prices and their sum may be.</summary>
    public static void PricedLines<T>(
        this AbstractValidator<T> rules,
        Func<T, string?> currency,
        Func<T, IReadOnlyList<NewInvoiceLine?>?> lines
    )
    {
        rules
            .RuleFor(invoice => currency(invoice))
            .MustBe(Currencies.IsKnown, Currencies.Facts)
            .WithMessage("Enter an ISO 4217 currency code, such as AUD.")
            .OverridePropertyName("currency");
        rules
            .RuleFor(invoice => lines(invoice))
            .MustBe(
                all => all is { Count: >= 1 and <= NewInvoiceLine.MaxLines },
                new SchemaFacts
                {
                    Required = true,
                    MinItems = 1,
                    MaxItems = NewInvoiceLine.MaxLines,
                }
            )
            .WithMessage($"1 to {NewInvoiceLine.MaxLines} lines.")
            .OverridePropertyName("lines");
        rules
            .RuleForEach(invoice => lines(invoice))
            .ChildRules(line =>
            {
                line.RuleFor(one => one!.Quantity)
                    .MustBe(
                        quantity => NewInvoiceLine.WrongWithQuantity(quantity) is null,
                        new SchemaFacts { Required = true, Maximum = NewInvoiceLine.MaxQuantity }
                    )
                    .WithMessage(one => NewInvoiceLine.WrongWithQuantity(one!.Quantity));
                line.RuleFor(one => one!.TaxRate)
                    .MustBe(
                        rate => NewInvoiceLine.WrongWithTaxRate(rate) is null,
                        new SchemaFacts { Minimum = 0, Maximum = NewInvoiceLine.MaxRate }
                    )
                    .WithMessage(one => NewInvoiceLine.WrongWithTaxRate(one!.TaxRate));
                // The currency has its say too, below.
                line.RuleFor(one => one!.UnitPrice)
                    .MustBe(
                        price => price is not null,
                        new SchemaFacts { Required = true, Pattern = NewInvoiceLine.AmountForm }
                    )
                    .WithMessage("This field is required.");
            })
            .When(invoice => lines(invoice) is { Count: <= NewInvoiceLine.MaxLines })
            .OverridePropertyName("lines");
        rules
            .RuleFor(invoice => invoice)
            .Custom(
                (invoice, context) =>
                {
                    if (lines(invoice) is not { Count: <= NewInvoiceLine.MaxLines } all)
                        return;
                    for (var row = 0; row < all.Count; row++)
                    {
                        if (all[row] is not { } line)
                        {
                            context.AddFailure($"lines[{row}]", "This field is required.");
                            continue;
                        }

                        if (
                            line.UnitPrice is not null
                            && NewInvoiceLine.WrongWithPrice(line.UnitPrice, currency(invoice)) is { } price
                        )
                            context.AddFailure($"lines[{row}].unitPrice", price);
                    }

                    if (Currencies.IsKnown(currency(invoice)) && NewInvoiceLine.AreTooMuch(all, currency(invoice)))
                        context.AddFailure("lines", "The total is too large.");
                }
            );
    }
}
