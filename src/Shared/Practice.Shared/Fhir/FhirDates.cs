using Practice.Time;

namespace Practice.Shared.Fhir;

/// <summary>
/// A date of a search, with its prefix (https://hl7.org/fhir/R4/search.html#date): from where to where it reaches.
/// </summary>
/// <param name="From">The first moment that is meant.</param>
/// <param name="Until">The moment after the last one.</param>
public sealed record FhirDates(DateTimeOffset? From, DateTimeOffset? Until)
{
    internal const string Form =
        "A date such as 2027-03-31 or 2027-03, or a time with its offset such as 2027-03-31T09:00:00Z, "
        + "after none or one of the prefixes eq, ge, gt, le and lt. In an address, write the + of an offset as %2B.";

    /// <summary>The first day that is meant, of dates without a time: each reaches from midnight to midnight.</summary>
    public DateOnly? FirstDay { get; private init; }

    /// <summary>The day after the last one, of dates without a time.</summary>
    public DateOnly? UntilDay { get; private init; }

    /// <summary>What both mean.</summary>
    public FhirDates And(FhirDates other) =>
        new(Later(From, other.From), Earlier(Until, other.Until))
        {
            FirstDay = Later(FirstDay, other.FirstDay),
            UntilDay = Earlier(UntilDay, other.UntilDay),
        };

    /// <summary>Null for what is no date.</summary>
    /// <param name="zone">Where a day without a time begins.</param>
    internal static FhirDates? Read(string text, TimeZoneInfo zone)
    {
        var (prefix, date) = text.Length > 2 && char.IsAsciiLetter(text[0]) ? (text[..2], text[2..]) : ("eq", text);
        return Span(date, zone) is not var (from, until)
            ? null
            : prefix switch
            {
                // The days that lie within it: none within a time.
                "eq" => new(from, until) { FirstDay = DayFrom(from), UntilDay = DayOf(until) },
                // The days that reach beyond it.
                "ge" => new(from, null) { FirstDay = DayOf(from) },
                "gt" => new(until, null) { FirstDay = DayOf(until) },
                // The days that begin before it ends, or before it begins.
                "le" => new(null, until) { UntilDay = DayFrom(until) },
                "lt" => new(null, from) { UntilDay = DayFrom(from) },
                _ => null,
            };
    }

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>The first day that does not begin before.</summary>
    private static DateOnly DayFrom(DateTimeOffset at) =>
        at.UtcDateTime.TimeOfDay == TimeSpan.Zero ? DayOf(at) : DayOf(at).AddDays(1);

    private static T? Later<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is { } first && other is { } second ? (first.CompareTo(second) > 0 ? one : other) : one ?? other;

    private static T? Earlier<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is { } first && other is { } second ? (first.CompareTo(second) < 0 ? one : other) : one ?? other;

    private static (DateTimeOffset From, DateTimeOffset Until)? Span(string text, TimeZoneInfo zone)
    {
        if (text.Contains('T', StringComparison.Ordinal))
            return Moment(text);
        DateOnly? first = text.Length switch
        {
            4 => IsoTime.Day($"{text}-01-01"),
            7 => IsoTime.Day($"{text}-01"),
            _ => IsoTime.Day(text),
        };
        // The first and last years would leave those that a time can have.
        if (first is not { Year: > 1 and < 9999 } day)
            return null;
        var next = text.Length switch
        {
            4 => day.AddYears(1),
            7 => day.AddMonths(1),
            _ => day.AddDays(1),
        };
        return (zone.StartOf(day).ToUniversalTime(), zone.StartOf(next).ToUniversalTime());
    }

    /// <summary>A time reaches as far as what it does not say: minutes without seconds mean the minute.</summary>
    private static (DateTimeOffset, DateTimeOffset)? Moment(string text)
    {
        const int minutes = 16; // yyyy-MM-ddTHH:mm
        var whole = text.Length > minutes && text[minutes] != ':' ? text.Insert(minutes, ":00") : text;
        if (IsoTime.Instant(whole) is not { Year: > 1 and < 9999 } from)
            return null;
        var fraction = whole.Length > 19 && whole[19] == '.' ? whole[20..].TakeWhile(char.IsAsciiDigit).Count() : 0;
        var length =
            whole.Length != text.Length ? TimeSpan.FromMinutes(1)
            : fraction == 0 ? TimeSpan.FromSeconds(1)
            : fraction <= 3 ? TimeSpan.FromMilliseconds(1)
            : TimeSpan.FromMicroseconds(1);
        return (from, from + length);
    }
}
