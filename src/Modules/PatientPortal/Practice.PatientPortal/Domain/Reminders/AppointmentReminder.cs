using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Domain.Reminders;

/// <summary>
/// The reminder of an appointment. It has a row of its own: a plan or a reminder is no change of the appointment, whose
/// version stays. The lock of the appointment is its lock.
/// </summary>
public sealed class AppointmentReminder
{
    /// <summary>Whether nobody has planned it yet.</summary>
    private bool _isNew;

    private AppointmentReminder() { }

    public Guid AppointmentId { get; private init; }
    public Guid GroupId { get; private init; }

    /// <summary>When the appointment started as this was planned.</summary>
    public DateTimeOffset StartsAt { get; private set; }

    /// <summary>For when a message is scheduled; null where none is.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>When the patient was reminded, or told of it so late that no reminder follows.</summary>
    public DateTimeOffset? RemindedAt { get; private set; }

    internal static AppointmentReminder Of(Appointment appointment) =>
        new()
        {
            AppointmentId = appointment.Id,
            GroupId = appointment.GroupId,
            StartsAt = appointment.StartsAt,
            _isNew = true,
        };

    /// <summary>
    /// Decides when the patient is reminded. Of another time they are reminded again. When a time is planned first, the
    /// patient is being told of it.
    /// </summary>
    /// <param name="justTold">Whether the patient is being told of it: so late that is the reminder.</param>
    /// <returns>For when a message must be scheduled; null where none must, or one is.</returns>
    internal DateTimeOffset? Plan(Appointment appointment, ReminderRule rule, DateTimeOffset now, bool justTold = false)
    {
        justTold |= _isNew || StartsAt != appointment.StartsAt;
        _isNew = false;
        if (StartsAt != appointment.StartsAt)
            (StartsAt, RemindedAt) = (appointment.StartsAt, null);
        if (appointment.Status != AppointmentStatus.Booked || RemindedAt is not null || StartsAt <= now)
            return null;
        if (!rule.IsOn)
        {
            DueAt = null;
            return null;
        }

        var due = StartsAt - rule.Before;
        if (justTold && due <= now)
        {
            Remind(now);
            return null;
        }

        if (due == DueAt)
            return null;
        DueAt = due;
        return due;
    }

    internal void Remind(DateTimeOffset now) => (DueAt, RemindedAt) = (null, now);

    /// <summary>
    /// Clocks at the location show another time than the patient was told: who was reminded of it is reminded again.
    /// </summary>
    internal void Forget() => RemindedAt = null;

    /// <summary>
    /// Whether what went out at that moment is still right: the patient is expected at the time that it reminds of, and
    /// is not reminded of another one since.
    /// </summary>
    internal bool IsStill(Appointment appointment, DateTimeOffset remindedAt) =>
        appointment.Status == AppointmentStatus.Booked
        && StartsAt == appointment.StartsAt
        // A message has the moment more exactly than the database.
        && (RemindedAt - remindedAt)?.Duration() < TimeSpan.FromMilliseconds(1);
}
