using System.Globalization;
using System.Text.RegularExpressions;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>
/// Dates in a search as people write them: <c>12 Apr 1985</c>, with the month in full, or in numbers, such as
/// <c>12/4/1985</c>, <c>12.4.1985</c> and <c>12-4-1985</c>.
/// </summary>
internal static partial class SpelledDates
{
    private const string DayFirst = "d-M-yyyy";
    private const string MonthFirst = "M-d-yyyy";
    private static readonly string[] Spelt = ["d MMM yyyy", "d MMMM yyyy"];

    /// <summary>
    /// The text with these dates as <c>1985-04-12</c>, which is one word. Two texts where the day and the month can be
    /// swapped: countries differ in which comes first.
    /// </summary>
    public static IReadOnlyList<string> Readings(string text)
    {
        var spelt = Spelled().Replace(text, date => ToIso(date.Value, Spelt) ?? date.Value);
        return
        [
            .. new[] { (DayFirst, MonthFirst), (MonthFirst, DayFirst) }
                .Select(order => InNumbers().Replace(spelt, date => Read(date, order.Item1, order.Item2)))
                .Distinct(),
        ];
    }

    private static string Read(Match date, string first, string second)
    {
        var parts = $"{date.Groups["a"].Value}-{date.Groups["b"].Value}-{date.Groups["year"].Value}";
        return ToIso(parts, first) ?? ToIso(parts, second) ?? date.Value;
    }

    private static string? ToIso(string date, params string[] forms) =>
        DateOnly.TryParseExact(date, forms, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var day)
            ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"\b[0-9]{1,2} +[A-Za-z]{3,9} +[0-9]{4}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Spelled();

    /// <summary>Not within a longer number, such as a phone number.</summary>
    [GeneratedRegex(
        @"(?<![0-9./+\-])(?<a>[0-9]{1,2})(?<sign>[./\-]) ?(?<b>[0-9]{1,2})\k<sign> ?(?<year>[0-9]{4})(?![./\-]?[0-9])",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex InNumbers();
}
