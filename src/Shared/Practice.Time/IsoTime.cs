using System.Globalization;

namespace Practice.Time;

/// <summary>
/// Dates and instants as text from outside. .NET's own parsers take more than one form, and fill what is missing from
/// this machine: its zone, its culture, today.
/// </summary>
public static class IsoTime
{
    /// <summary>How a date is written, for people who sent something else.</summary>
    public const string DayForm = "Write a date as year-month-day, such as 2027-03-31.";

    /// <summary>How an instant is written, for people who sent something else.</summary>
    public const string InstantForm =
        "Write a date and time with its offset from UTC, such as 2027-03-31T09:00:00+11:00 or 2027-03-30T22:00:00Z.";

    /// <summary>The years that a practice can mean. Others are typing errors, and dates overflow.</summary>
    public const int FirstPlausibleYear = 1900;

    /// <inheritdoc cref="FirstPlausibleYear"/>
    public const int LastPlausibleYear = 2199;

    private const int TickDigits = 7;

    /// <summary>A date as <c>yyyy-MM-dd</c>, and in no other form.</summary>
    public static DateOnly? Day(string? text) =>
        text is { Length: 10 }
        && text.All(character => char.IsAsciiDigit(character) || character == '-')
        && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    public static bool IsPlausible(DateOnly day) => day.Year is >= FirstPlausibleYear and <= LastPlausibleYear;

    /// <summary>
    /// An instant of RFC 3339: date, <c>T</c>, time with seconds, and <c>Z</c> or an offset. Digits beyond .NET's
    /// precision of 100 nanoseconds are dropped.
    /// </summary>
    public static DateTimeOffset? Instant(string? text)
    {
        if (text is not { Length: >= 20 and <= 40 } || text[10] is not ('T' or 't') || Day(text[..10]) is not { } day)
            return null;
        if (text[13] != ':' || text[16] != ':')
            return null;
        if (
            Two(text, 11, 23) is not { } hour
            || Two(text, 14, 59) is not { } minute
            || Two(text, 17, 59) is not { } second
        )
            return null;

        var at = 19;
        long ticks = 0;
        if (text[at] == '.')
        {
            var digits = text[(at + 1)..].TakeWhile(char.IsAsciiDigit).Count();
            if (digits == 0)
                return null;
            var kept = text.Substring(at + 1, Math.Min(digits, TickDigits)).PadRight(TickDigits, '0');
            ticks = long.Parse(kept, NumberStyles.None, CultureInfo.InvariantCulture);
            at += 1 + digits;
        }

        return Offset(text[at..]) is { } offset ? At(day, new(hour, minute, second), ticks, offset) : null;
    }

    private static TimeSpan? Offset(string text)
    {
        if (text is "Z" or "z")
            return TimeSpan.Zero;
        if (text is not { Length: 6 } || text[0] is not ('+' or '-') || text[3] != ':')
            return null;
        if (Two(text, 1, 23) is not { } hours || Two(text, 4, 59) is not { } minutes)
            return null;
        var offset = new TimeSpan(hours, minutes, 0);
        return text[0] == '-' ? -offset : offset;
    }

    /// <summary>Null where the instant lies outside the years that .NET has.</summary>
    private static DateTimeOffset? At(DateOnly day, TimeOnly time, long ticks, TimeSpan offset)
    {
        var utc = day.ToDateTime(time).Ticks + ticks - offset.Ticks;
        return utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks ? null : new(utc, TimeSpan.Zero);
    }

    private static int? Two(string text, int at, int max) =>
        char.IsAsciiDigit(text[at])
        && char.IsAsciiDigit(text[at + 1])
        && ((text[at] - '0') * 10) + text[at + 1] - '0' is var two
        && two <= max
            ? two
            : null;
}
