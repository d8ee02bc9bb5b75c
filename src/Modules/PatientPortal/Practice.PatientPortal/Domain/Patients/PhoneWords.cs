using System.Globalization;
using System.Text.RegularExpressions;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>
/// Phone numbers in a search: only the digits count, and neither a leading zero nor the country. The words that are
/// stored of a number are made by <c>portal.phone_words</c>.
/// </summary>
internal static partial class PhoneWords
{
    private const int Telling = 8;

    /// <summary>The word that finds the number; other text unchanged.</summary>
    public static string ToWord(string text)
    {
        if (!Number().IsMatch(text) || IsMonth(text))
            return text;
        if (FindDate(text) is { } date)
            return date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length >= Telling ? $"tel{digits[^Telling..]}" : digits.TrimStart('0');
    }

    private static bool IsMonth(string text) =>
        DateOnly.TryParseExact(text.Trim(), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>A date with the year first has one meaning, whatever stands between.</summary>
    private static DateOnly? FindDate(string text) =>
        DateOnly.TryParseExact(
            text.Trim(),
            ["yyyyMMdd", "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy M d"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var date
        )
            ? date
            : null;

    /// <summary>Five digits at least: fewer are a part of a date or a code.</summary>
    [GeneratedRegex(@"^[\s().+/\-]*([0-9][\s().+/\-]*){5,20}\z")]
    private static partial Regex Number();
}
