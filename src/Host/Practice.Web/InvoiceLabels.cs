using System.Globalization;
using Practice.Client;

namespace Practice.Web;

/// <summary>Labels of invoices, payments and reports.</summary>
internal static class InvoiceLabels
{
    public static IReadOnlyList<(string Value, string Text)> Statuses { get; } =
    [("issued", "Unpaid"), ("partlyPaid", "Partly paid"), ("paid", "Paid"), ("void", "Void")];

    /// <summary>What the list can be narrowed to.</summary>
    public static IReadOnlyList<(string Value, string Text)> Filters { get; } =
    [("unpaid", "Unpaid or partly paid"), .. Statuses];

    public static IReadOnlyList<(string Value, string Text)> Methods { get; } =
    [
        ("card", "Card"),
        ("cash", "Cash"),
        ("bankTransfer", "Bank transfer"),
        ("directDebit", "Direct debit"),
        ("cheque", "Cheque"),
        ("insurer", "Health fund or insurer"),
        ("other", "Other"),
    ];

    public static IReadOnlyList<(string Value, string Text)> Reports { get; } =
    [("month", "Month"), ("practitioner", "Practitioner"), ("location", "Location")];

    public static string Of(InvoiceStatus status) => TextOf(Statuses, $"{status}");

    public static string PillClass(InvoiceStatus status) =>
        status switch
        {
            InvoiceStatus.Paid => "good",
            InvoiceStatus.Void => "",
            _ => "warn",
        };

    public static string Of(PaymentMethod method) => TextOf(Methods, $"{method}");

    public static string Of(ReportBy by) => TextOf(Reports, $"{by}");

    /// <summary>What stands in a report's row that has no name.</summary>
    public static string NameOf(InvoiceFigures figures, ReportBy by) =>
        figures.Name ?? (by == ReportBy.Location && figures.Key is null ? "No location" : "Unknown");

    /// <summary>A number of the form of an ABN is called one.</summary>
    public static string BusinessNumber(string number) =>
        number is [_, _, ' ', _, _, _, ' ', _, _, _, ' ', _, _, _]
        && number.All(character => character == ' ' || char.IsAsciiDigit(character))
            ? $"ABN {number}"
            : $"Tax number {number}";

    public static string Payment(DateOnly paidOn, PaymentMethod method, string amount, string currency) =>
        $"{DateFormat.Text(paidOn)}: {Labels.Money(amount, currency)}, {Of(method).ToLowerInvariant()}";

    public static string Percent(double rate) => $"{rate.ToString("0.##", CultureInfo.InvariantCulture)}%";

    public static string Quantity(double quantity) => quantity.ToString("0.###", CultureInfo.InvariantCulture);

    private static string TextOf(IReadOnlyList<(string Value, string Text)> choices, string name) =>
        choices.Single(choice => choice.Value.Equals(name, StringComparison.OrdinalIgnoreCase)).Text;
}
