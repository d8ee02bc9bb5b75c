using System.Globalization;
using Practice.Client;

namespace Practice.Web;

/// <summary>
/// A day or a week as columns of appointments and free times. Each item has a place in rows of a quarter of an hour,
/// which the style sheet knows by class names: pages have no inline styles. In its columns it is a list, for narrow
/// screens and for who reads it aloud.
/// </summary>
internal sealed class CalendarGrid
{
    private const int Row = 15,
        Slot = 30,
        Hour = 60,
        Day = 24 * Hour;

    /// <summary>Where nobody has entered opening hours.</summary>
    private static readonly IReadOnlyList<(int, int)> UsualHours = [(8 * Hour, 18 * Hour)];

    private readonly string _zone;
    private readonly int _first,
        _last;

    /// <param name="columns">
    /// Each column, the appointments that it shows, and all appointments of its practitioner on that day.
    /// </param>
    /// <param name="open">The open hours of a day, in minutes; null where nobody has entered them.</param>
    /// <param name="zone">The time zone of the page.</param>
    /// <param name="bookableFrom">From when on free times are offered; null for none.</param>
    public CalendarGrid(
        IReadOnlyList<(
            CalendarColumn Column,
            IReadOnlyList<AppointmentView> Booked,
            IReadOnlyList<AppointmentView> Taken
        )> columns,
        Func<DateOnly, IReadOnlyList<(int Opens, int Closes)>?> open,
        string zone,
        DateTimeOffset? bookableFrom
    )
    {
        _zone = zone;
        var hours = columns.Select(column => open(column.Column.Day) ?? UsualHours).ToList();
        var times = columns
            .SelectMany(column => column.Booked.Select(booked => MinutesOf(booked, column.Column.Day)))
            .Concat(hours.SelectMany(day => day));
        (_first, _last) = times
            .DefaultIfEmpty(UsualHours[0])
            .Aggregate((First: Day, Last: 0), (all, time) =>
                (Math.Min(all.First, time.Item1), Math.Max(all.Last, time.Item2))
            );
        (_first, _last) = (_first / Hour * Hour, (_last + Hour - 1) / Hour * Hour);
        Columns =
        [
            .. columns.Select(
                (column, at) =>
                    column.Column with
                    {
                        Items =
                        [
                            .. column
                                .Booked.Select(booked => ItemOf(booked, column.Column.Day))
                                .Concat(FreeIn(column.Column, column.Taken, hours[at], bookableFrom))
                                .OrderBy(item => item.Row),
                        ],
                    }
            ),
        ];
    }

    public IReadOnlyList<CalendarColumn> Columns { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows => (_last - _first) / Row;

    /// <summary>The hours at the side.</summary>
    public IEnumerable<(int Row, string Text)> Hours =>
        Enumerable
            .Range(_first / Hour, (_last - _first) / Hour)
            .Select(hour =>
                (
                    RowOf(hour * Hour),
                    TimeOnly
                        .FromTimeSpan(TimeSpan.FromHours(hour))
                        .ToString("h tt", CultureInfo.InvariantCulture)
                        .ToLowerInvariant()
                )
            );

    private CalendarItem ItemOf(AppointmentView appointment, DateOnly day)
    {
        var (starts, ends) = MinutesOf(appointment, day);
        return new(RowOf(starts), Math.Max(1, (ends + Row - 1) / Row - starts / Row), starts, appointment);
    }

    private IEnumerable<CalendarItem> FreeIn(
        CalendarColumn column,
        IReadOnlyList<AppointmentView> appointments,
        IReadOnlyList<(int Opens, int Closes)> hours,
        DateTimeOffset? bookableFrom
    )
    {
        if (bookableFrom is not { } from || !column.Bookable)
            yield break;
        var taken = appointments.Where(TakesUpTime).Select(other => MinutesOf(other, column.Day)).ToList();
        foreach (var (opens, closes) in hours)
        {
            for (var at = opens; at + Slot <= closes; at += Slot)
            {
                if (
                    !taken.Exists(other => other.Starts < at + Slot && other.Ends > at)
                    && DateFormat.InstantsOf(column.Day.ToDateTime(TimeOnly.MinValue).AddMinutes(at), _zone)
                        is [var instant, ..]
                    && instant >= from
                )
                    yield return new(RowOf(at), Slot / Row, at, null);
            }
        }
    }

    private int RowOf(int minutes) => ((minutes - _first) / Row) + 1;

    /// <summary>As clocks show them; of one over midnight, the part on this day.</summary>
    private (int Starts, int Ends) MinutesOf(AppointmentView appointment, DateOnly day)
    {
        var (starts, ends) = (
            DateFormat.ToZone(appointment.StartsAt, _zone),
            DateFormat.ToZone(appointment.EndsAt, _zone)
        );
        var from = DateOnly.FromDateTime(starts.DateTime) < day ? 0 : (int)starts.TimeOfDay.TotalMinutes;
        var to = DateOnly.FromDateTime(ends.DateTime) > day ? Day : (int)ends.TimeOfDay.TotalMinutes;
        return (from, Math.Max(to, Math.Min(from + Row, Day))); // where clocks go back, it may end before it starts
    }

    private static bool TakesUpTime(AppointmentView appointment) =>
        appointment.Status is not (AppointmentStatus.Cancelled or AppointmentStatus.NoShow);
}

/// <param name="PractitionerId">Whose column it is, in a day.</param>
/// <param name="Bookable">Whether the practitioner it is for works at the location.</param>
internal sealed record CalendarColumn(string Title, DateOnly Day, Guid? PractitionerId, bool Bookable)
{
    public IReadOnlyList<CalendarItem> Items { get; init; } = [];

    public bool IsEmpty => Items.All(item => item.Appointment is null);

    /// <summary>How many items lie side by side where most do.</summary>
    public int Lanes =>
        Items
            .Select(item => Items.Count(other => other.Row <= item.Row && other.Row + other.Rows > item.Row))
            .DefaultIfEmpty(1)
            .Max();

    /// <summary>As class names: the rows, and the whole width where nothing lies beside it.</summary>
    public string PlaceOf(CalendarItem item)
    {
        var alone = Items.Count(other => other.Row < item.Row + item.Rows && item.Row < other.Row + other.Rows) == 1;
        return $"r{item.Row} s{item.Rows}{(alone ? " whole" : "")}";
    }
}

/// <param name="Minutes">When it starts, since midnight.</param>
/// <param name="Appointment">Null for a free time.</param>
internal sealed record CalendarItem(int Row, int Rows, int Minutes, AppointmentView? Appointment)
{
    public TimeOnly Time => TimeOnly.MinValue.AddMinutes(Minutes);
}
