using Ical.Net.CalendarComponents;
using Ical.Net.Serialization;
using Practice.Shared.Calendars;

namespace Practice.PatientPortal.Domain.Records;

/// <summary>Appointments as a calendar for other programs (RFC 5545).</summary>
/// <param name="name">What a program calls it.</param>
/// <param name="usualZone">Of appointments booked before their zone was stored.</param>
internal sealed class AppointmentCalendar(string name, string usualZone, DateTimeOffset now)
{
    /// <summary>How often a program should read it again.</summary>
    private const string Interval = "PT1H";

    private readonly List<CalendarEvent> _events = [];
    private readonly CalendarZones _zones = new();

    /// <summary>Nothing but who, when and where: the calendar leaves the practice.</summary>
    public void Add(Appointment appointment, string patient)
    {
        var zone = appointment.LocationTimeZone ?? usualZone;
        _events.Add(
            new CalendarEvent
            {
                Uid = $"{appointment.Id}", // as in emails about it: a calendar that has both shows one
                DtStamp = CalendarZones.Utc(now),
                Start = _zones.TimeOf(appointment.StartsAt, zone),
                End = _zones.TimeOf(appointment.EndsAt, zone),
                Summary = CalendarZones.Text(patient),
                Location = CalendarZones.Text(
                    appointment.Room is { } room ? $"{appointment.LocationName}, {room}" : appointment.LocationName
                ),
                Status = Ical.Net.EventStatus.Confirmed,
            }
        );
    }

    public override string ToString()
    {
        var calendar = new Ical.Net.Calendar { ProductId = "-//Practice.Modular//Appointments//EN" };
        // Readers show the backslash that a comma is escaped with.
        calendar.AddProperty("X-WR-CALNAME", CalendarZones.Text(name).Replace(",", "", StringComparison.Ordinal));
        calendar.AddProperty("REFRESH-INTERVAL;VALUE=DURATION", Interval);
        calendar.AddProperty("X-PUBLISHED-TTL", Interval);
        _zones.AddTo(calendar);
        calendar.Events.AddRange(_events);
        return new CalendarSerializer().SerializeToString(calendar)!;
    }
}
