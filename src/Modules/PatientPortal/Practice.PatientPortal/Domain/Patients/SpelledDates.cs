using System.Globalization;
using System.Text.RegularExpressions;

namespace Practice.PatientPortal.Domain.Patients;

/// <summary>Dates in a search as the pages show them: <c>12 Apr 1985</c>, or with the month in full.</summary>
internal static partial class SpelledDates
{
    private static readonly string[] Forms = ["d MMM yyyy", "d MMMM yyyy"];

    /// <summary>The text with these dates as <c>1985-04-12</c>, which is one word.</summary>
    public static string ToIso(string text) =>
        Spelled()
            .Replace(text, date =>
                DateOnly.TryParseExact(
                    date.Value,
                    Forms,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AllowInnerWhite,
                    out var day
                )
                    ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                    : date.Value
            );

    [GeneratedRegex(@"\b[0-9]{1,2} +[A-Za-z]{3,9} +[0-9]{4}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Spelled();
}
