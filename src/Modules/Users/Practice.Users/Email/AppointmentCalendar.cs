using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using MimeKit;
using Practice.Shared.Calendars;

namespace Practice.Users.Email;

/// <summary>
/// The calendar part of an email about an appointment (RFC 5545 and 5546). The same appointment has the same UID, and a
/// later change a higher SEQUENCE: a calendar updates the event that it has, and an email that arrives late changes
/// nothing. All of it comes from stored data: a repeated email has the same part.
/// </summary>
internal static class AppointmentCalendar
{
    /// <returns>Null for an email that concerns no event.</returns>
    public static CalendarPart? Of(DeliverEmail email, EmailContent content, MailboxAddress from)
    {
        if (
            email is not { Appointment: not null, Kind: not EmailKind.RequestDeclined }
            || content.Appointment.Facts is not { StartsAt: { } startsAt, EndsAt: { } endsAt } appointment
        )
            return null;
        var cancelled = email.Kind == EmailKind.AppointmentCancelled;
        var calendar = new Calendar
        {
            ProductId = "-//Practice.Modular//Appointments//EN",
            Method = cancelled ? "CANCEL" : "REQUEST",
        };
        var zones = new CalendarZones();
        var item = new CalendarEvent
        {
            Uid = appointment.Id.ToString(),
            Sequence = appointment.Sequence,
            DtStamp = CalendarZones.Utc(appointment.ChangedAt),
            LastModified = CalendarZones.Utc(appointment.ChangedAt),
            DtStart = zones.TimeOf(startsAt, appointment.TimeZone),
            DtEnd = zones.TimeOf(endsAt, appointment.TimeZone),
            Summary = CalendarZones.Text($"Appointment at {content.Practice}"),
            Description = CalendarZones.Text($"For {content.Patient}, with {appointment.Practitioner}"),
            Location = CalendarZones.Text(appointment.Location ?? content.Practice),
            Status = cancelled ? EventStatus.Cancelled : EventStatus.Confirmed,
            Organizer = new Organizer($"mailto:{from.Address}") { CommonName = Name(content.Practice) },
            Attendees =
            [
                new Attendee($"mailto:{email.To}")
                {
                    ParticipationStatus = EventParticipationStatus.Accepted,
                    Rsvp = false,
                },
            ],
        };
        zones.AddTo(calendar);
        calendar.Events.Add(item);
        return new(calendar.Method, new CalendarSerializer().SerializeToString(calendar)!);
    }

    /// <summary>In a parameter these break readers.</summary>
    private static string Name(string text) =>
        string.Concat(CalendarZones.Text(text).Where(letter => letter is not (';' or ':' or '"'))).Trim();
}

/// <param name="Method">What calendars do with it: <c>REQUEST</c> or <c>CANCEL</c>.</param>
internal sealed record CalendarPart(string Method, string Text);
