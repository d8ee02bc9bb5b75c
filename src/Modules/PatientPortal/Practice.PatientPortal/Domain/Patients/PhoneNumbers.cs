using System.Globalization;
using System.Text.RegularExpressions;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>
/// Phone numbers in a search: only the digits count, and neither a leading zero nor the country. The words that are
/// stored of a number are made by <c>portal.phone_words</c>.
/// </summary>
internal static partial class PhoneNumbers
{
    private const int Telling = 8;

    /// <summary>The word that finds the number; other text unchanged.</summary>
    public static string ToWord(string text)
    {
        if (!Number().IsMatch(text) || IsDate(text))
            return text;
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length >= Telling ? $"tel{digits[^Telling..]}" : digits.TrimStart('0');
    }

    private static bool IsDate(string text) =>
        DateOnly.TryParseExact(
            text.Trim(),
            ["yyyyMMdd", "yyyy-MM-dd", "yyyy-MM"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out _
        );

    /// <summary>Five digits at least: fewer are a part of a date or a code.</summary>
    [GeneratedRegex(@"^[\s().+/\-]*([0-9][\s().+/\-]*){5,20}\z")]
    private static partial Regex Number();
}
