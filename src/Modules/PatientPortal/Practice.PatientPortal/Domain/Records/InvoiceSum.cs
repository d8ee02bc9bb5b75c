namespace Practice.PatientPortal.Domain.Records;

/// <summary>
/// What lines come to. Tax is worked out once a rate, from the sum of that rate's lines, and rounded half away from
/// zero: rounded line by line, many small lines would miss what the law asks of their sum.
/// </summary>
/// <param name="Subtotal">The sum of the lines' amounts, without tax.</param>
/// <param name="Taxes">By rate, the lowest first; lines without a rate are in none.</param>
internal sealed record InvoiceSum(decimal Subtotal, IReadOnlyList<TaxSum> Taxes, decimal Total)
{
    public static InvoiceSum Of(IEnumerable<InvoiceLine> lines, string currency)
    {
        var all = lines.ToList();
        var subtotal = all.Sum(line => line.Amount(currency));
        var taxes = all.Where(line => line.TaxRate is not null)
            .GroupBy(line => line.TaxRate!.Value)
            .OrderBy(rate => rate.Key)
            .Select(rate => TaxSum.Of(rate.Key, rate.Sum(line => line.Amount(currency)), currency))
            .ToList();
        return new(subtotal, taxes, subtotal + taxes.Sum(tax => tax.Tax));
    }
}

/// <param name="Rate">In percent.</param>
/// <param name="Net">What it is on: the sum of the lines with this rate.</param>
internal sealed record TaxSum(decimal Rate, decimal Net, decimal Tax)
{
    private const decimal Percent = 100;

    public static TaxSum Of(decimal rate, decimal net, string currency) =>
        new(rate, net, Money.Round(net * rate / Percent, currency));
}
