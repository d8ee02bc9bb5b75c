using Practice.PatientPortal.Domain.Patients;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Reminders;

namespace Practice.Domain.Tests;

public sealed class ReminderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 9, 0, 0, TimeSpan.Zero);
    private static readonly ReminderRule Rule = new(IsOn: true, TimeSpan.FromHours(24), ByText: false);

    [Fact]
    public void A_reminder_is_scheduled_once_until_the_plan_changes()
    {
        var (appointment, reminder) = At(Now.AddHours(72));
        Assert.Equal(Now.AddHours(48), reminder.Plan(appointment, Rule, Now));
        Assert.Null(reminder.Plan(appointment, Rule, Now));
        var earlier = Rule with { Before = TimeSpan.FromHours(48) };
        Assert.Equal(Now.AddHours(24), reminder.Plan(appointment, earlier, Now));
        Assert.Null(reminder.Plan(appointment, Rule with { IsOn = false }, Now));
        Assert.Null(reminder.DueAt);
    }

    [Fact]
    public void A_move_to_another_time_is_reminded_of_again_and_one_to_another_room_is_not()
    {
        var (appointment, reminder) = At(Now.AddHours(72));
        reminder.Remind(Now);
        Assert.Null(reminder.Plan(appointment, Rule, Now));
        Move(appointment, Now.AddHours(72), "2");
        Assert.Null(reminder.Plan(appointment, Rule, Now));
        Move(appointment, Now.AddHours(96), "2");
        Assert.Equal(Now.AddHours(72), reminder.Plan(appointment, Rule, Now));
        Assert.Equal(2, appointment.Sequence);
    }

    [Fact]
    public void Who_has_arrived_and_is_moved_to_another_day_is_expected_and_reminded_again()
    {
        var (appointment, reminder) = At(Now);
        Assert.False(appointment.Arrive(Now).IsError);
        Move(appointment, Now.AddHours(24), "2"); // as early as a patient can arrive
        Assert.Equal(AppointmentStatus.Arrived, appointment.Status);
        Assert.Null(reminder.Plan(appointment, Rule, Now));
        Move(appointment, Now.AddHours(72), "2");
        Assert.Equal(AppointmentStatus.Booked, appointment.Status);
        Assert.Equal(Now.AddHours(48), reminder.Plan(appointment, Rule, Now));
    }

    [Fact]
    public void Who_is_just_told_after_the_reminder_was_due_is_not_reminded_and_new_settings_remind_at_once()
    {
        var (appointment, told) = At(Now.AddHours(20));
        Assert.Null(told.Plan(appointment, Rule, Now, justTold: true));
        Assert.Null(told.Plan(appointment, Rule, Now));
        // When a new one is planned first, the patient is being told of it.
        var found = AppointmentReminder.Of(appointment);
        Assert.Null(found.Plan(appointment, Rule, Now));
        Assert.Equal(Now, found.RemindedAt);

        var waiting = AppointmentReminder.Of(appointment);
        Assert.Null(waiting.Plan(appointment, Rule with { IsOn = false }, Now));
        Assert.Equal(Now.AddHours(-4), waiting.Plan(appointment, Rule, Now));
    }

    [Fact]
    public void What_is_cancelled_or_has_begun_is_not_reminded_of()
    {
        var (cancelled, reminder) = At(Now.AddHours(72));
        cancelled.Cancel();
        Assert.Null(reminder.Plan(cancelled, Rule, Now));
        Assert.Equal(1, cancelled.Sequence);
        var (begun, late) = At(Now);
        Assert.Null(late.Plan(begun, Rule, Now));
    }

    private static (Appointment Appointment, AppointmentReminder Reminder) At(DateTimeOffset startsAt)
    {
        var appointment = Appointment.Book(
            Patient.Add(Guid.NewGuid(), "Harbour", Guid.NewGuid(), Now),
            (Guid.Empty, "Dr Vale"),
            (Guid.Empty, "Main street", "UTC"),
            new(Guid.Empty, Guid.Empty, null, startsAt, startsAt.AddMinutes(30)),
            null,
            Now
        );
        return (appointment, AppointmentReminder.Of(appointment));
    }

    private static void Move(Appointment appointment, DateTimeOffset startsAt, string room) =>
        appointment.Move(
            (Guid.Empty, "Dr Vale"),
            (Guid.Empty, "Main street", "UTC"),
            new(Guid.Empty, Guid.Empty, room, startsAt, startsAt.AddMinutes(30)),
            Now
        );
}
