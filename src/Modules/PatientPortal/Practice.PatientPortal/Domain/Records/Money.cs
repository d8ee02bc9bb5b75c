using System.Globalization;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>Amounts of money: the one rule by which they are rounded, and how they are written.</summary>
internal static class Money
{
    private const int UsualDigits = 2;

    /// <summary>To the currency's minor unit, half away from zero.</summary>
    public static decimal Round(decimal amount, string currency) =>
        Math.Round(amount, Digits(currency), MidpointRounding.AwayFromZero);

    /// <summary>
    /// An amount as the API writes it: <c>12.50</c>, in yen <c>13</c>. One of yen that was issued as 12.50, before the
    /// currency decided, stays what it is.
    /// </summary>
    public static string Text(decimal amount, string currency)
    {
        var digits = Round(amount, currency) == amount ? Digits(currency) : UsualDigits;
        var form = $"0.{new string('0', digits)}{new string('#', Currencies.MaxMinorDigits - digits)}";
        return amount.ToString(form, CultureInfo.InvariantCulture);
    }

    private static int Digits(string currency) => Currencies.MinorDigits(currency) ?? UsualDigits;
}
