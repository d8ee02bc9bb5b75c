using System.Globalization;

namespace Practice.PatientPortal.Domain.Records;

internal static class MoneyText
{
    /// <summary>An amount as the API writes it: <c>12.50</c>.</summary>
    public static string Of(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
