using System.Collections.Frozen;

namespace Practice.Shared.Http;

/// <summary>
/// The currencies of ISO 4217 (list one, as of 2026) with the digits of their minor units. Metals, the IMF's and the
/// test codes have no minor unit there and price no invoice; funds that are no money to pay with are left out too,
/// except Chile's CLF and Uruguay's UYW, in which prices are agreed.
/// </summary>
public static class Currencies
{
    /// <summary>The most digits that any of them has.</summary>
    public const int MaxMinorDigits = 4;

    private static readonly FrozenDictionary<string, int> MinorDigitsByCode = new (int Digits, string Codes)[]
    {
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (
            2,
            "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
                + "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
                + "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU "
                + "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
                + "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU "
                + "UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (MaxMinorDigits, "CLF UYW"),
    }
        .SelectMany(some => some.Codes.Split(' '), (some, code) => (Code: code, some.Digits))
        .ToFrozenDictionary(one => one.Code, one => one.Digits, StringComparer.Ordinal);

    /// <summary>For the API document.</summary>
    public static SchemaFacts Facts { get; } = new() { Required = true, Pattern = "^[A-Z]{3}$" };

    public static bool IsKnown(string? code) => MinorDigits(code) is not null;

    /// <summary>How many digits after the point an amount has; null for what is no currency here.</summary>
    public static int? MinorDigits(string? code) =>
        code is not null && MinorDigitsByCode.TryGetValue(code, out var digits) ? digits : null;
}
