using System.Globalization;
using Practice.Client;

namespace Practice.Web;

/// <summary>The weekdays of a location's opening hours: field names and labels.</summary>
internal static class Weekdays
{
    public static IReadOnlyList<(string Field, string Name)> All { get; } =
    [
        ("monday", "Monday"),
        ("tuesday", "Tuesday"),
        ("wednesday", "Wednesday"),
        ("thursday", "Thursday"),
        ("friday", "Friday"),
        ("saturday", "Saturday"),
        ("sunday", "Sunday"),
    ];

    public static IReadOnlyList<OpenHours> On(this WeeklyHours? hours, string day) =>
        (
            day switch
            {
                "monday" => hours?.Monday,
                "tuesday" => hours?.Tuesday,
                "wednesday" => hours?.Wednesday,
                "thursday" => hours?.Thursday,
                "friday" => hours?.Friday,
                "saturday" => hours?.Saturday,
                _ => hours?.Sunday,
            }
        ) ?? [];

    /// <summary>The field of a day of the week.</summary>
    public static string FieldOf(DayOfWeek day) => All[((int)day + 6) % All.Count].Field;

    /// <summary>Of <c>HH:mm</c>, since midnight; <c>24:00</c> is the end of the day.</summary>
    public static int Minutes(string? time) =>
        time?.Split(':') is [var hours, var minutes]
            ? (int.Parse(hours, CultureInfo.InvariantCulture) * 60) + int.Parse(minutes, CultureInfo.InvariantCulture)
            : 0;

    /// <summary>Consecutive days with the same hours, such as <c>Mon–Fri 8:30 am – 5 pm</c>.</summary>
    public static IEnumerable<(string Days, string Times)> Lines(WeeklyHours? hours)
    {
        var days = All.Select(day =>
                (
                    Name: day.Name[..3],
                    Times: string.Join(
                        ", ",
                        hours.On(day.Field).Select(stretch => $"{Time(stretch.Opens)} – {Time(stretch.Closes)}")
                    )
                )
            )
            .ToList();
        for (var first = 0; first < days.Count; )
        {
            var last = first;
            while (last + 1 < days.Count && days[last + 1].Times == days[first].Times)
                last++;
            if (days[first].Times.Length > 0)
                yield return (
                    first == last ? days[first].Name : $"{days[first].Name}–{days[last].Name}",
                    days[first].Times
                );
            first = last + 1;
        }
    }

    private static string Time(string? time) =>
        time == "24:00" ? "midnight"
        : TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToString(at.Minute == 0 ? "h tt" : "h:mm tt", CultureInfo.InvariantCulture).ToLowerInvariant()
        : time ?? "";
}
