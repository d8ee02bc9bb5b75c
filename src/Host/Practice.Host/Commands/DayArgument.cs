using System.Globalization;

namespace Practice.Host.Commands;

/// <summary>The day before which a command removes something, by UTC.</summary>
internal static class DayArgument
{
    private const string Format = "yyyy-MM-dd";

    /// <exception cref="StartupException">It is no day, or not long enough ago.</exception>
    public static DateTimeOffset Read(string day, int minYears)
    {
        if (
            !DateTimeOffset.TryParseExact(
                day,
                Format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var before
            )
        )
            throw new StartupException($"{day} is no day: write it as in 2019-12-31.");
        if (before <= DateTimeOffset.UtcNow.AddYears(-minYears))
            return before;
        var least = minYears == 1 ? "a year" : $"{minYears} years";
        throw new StartupException($"{day} is less than {least} ago: entries are kept at least that long.");
    }
}
