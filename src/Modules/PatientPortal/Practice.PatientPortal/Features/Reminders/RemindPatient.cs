using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Credit;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Reminders;
using Practice.PatientPortal.Domain.Texts;
using Practice.Shared.Limits;
using Practice.Shared.Texts;
using Wolverine;

namespace Practice.PatientPortal.Features.Reminders;

/// <summary>
/// Reminds the patient, or who acts for them. The mark, the emails and the credit of a text message
/// are committed together, under a lock: however often and wherever this is handled, each reminder goes out once.
/// </summary>
public static partial class RemindPatientHandler
{
    public static async Task Handle(
        RemindPatient due,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TextGatewaySettings gateway,
        IOptions<PortalOptions> options,
        PeopleLimit limit,
        PhoneNumberHash hash,
        ILogger<TextMessage> log,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        if (due.DueAt > now)
        {
            await messages.ScheduleReminderAsync(due, now);
            return;
        }

        var group = await bus.GetGroupAsync(due.GroupId, ct);
        var rule = ReminderRule.Of(group);
        if (await db.FindPatientOfAsync(due.GroupId, due.AppointmentId, ct) is not { } patient)
            return;
        var recipients = await db.FindRecipientsAsync(work, patient, options.Value, now, ct);
        var byText = rule.ByText && gateway.IsSetUp && await bus.WantsTextAsync(patient, recipients, ct);

        if (
            await db.LockForReminderAsync(due.GroupId, due.AppointmentId, ct)
                is not { Status: AppointmentStatus.Booked } appointment
            || appointment.StartsAt <= now
        )
            return;
        if (await db.FindReminderAsync(appointment.Id, ct) is not { } reminder || reminder.DueAt != due.DueAt)
            return;
        if (!rule.IsOn || appointment.StartsAt - rule.Before > now)
        {
            // The settings have changed, or a host of an earlier release moved it.
            await messages.PlanReminderAsync(reminder, appointment, rule, now);
            return;
        }

        reminder.Remind(now);
        var facts = appointment.ToFacts(now);
        foreach (var recipient in recipients)
            await messages.PublishAsync(recipient.ToEvent(patient, AppointmentUpdate.Reminder, facts));
        if (byText && TextNumbers.Find(patient.Phone, options.Value.PhoneRegion) is { } number)
            await SendTextAsync(appointment, hash.Of(number), group.Name, limit, db, messages, log, now, ct);
    }

    /// <summary>
    /// Takes one of the practice's credit; at zero, or after the most for a day, nothing is sent. The email went out
    /// all the same.
    /// </summary>
    private static async Task SendTextAsync(
        Appointment appointment,
        byte[] numberHash,
        string practice,
        PeopleLimit limit,
        PatientPortalDbContext db,
        IMessageContext messages,
        ILogger log,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var credit = await db.LockCreditAsync(appointment.GroupId, ct);
        if (credit.Balance <= 0)
            return;
        if (
            limit.ADay(appointment.GroupId, now) is { } max
            && await db.HasReachedDailyLimitAsync(appointment, numberHash, max, now, ct)
        )
        {
            LogTooMany(log, appointment.GroupId);
            return;
        }

        var text = TextMessage.Of(appointment.GroupId, appointment.Id, numberHash, now);
        db.Texts.Add(text);
        db.CreditEntries.Add(CreditEntry.Taken(text.GroupId, text.Id, now));
        await messages.PublishAsync(new SendText(text.GroupId, text.Id));
        var left = credit.Balance - 1;
        if (credit.TellsOwnersAt(left))
            await messages.PublishAsync(new MessageCreditLow(text.GroupId, practice, left));
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Practice {GroupId} sent no text message: it, the patient or the number has had the most for a day."
    )]
    private static partial void LogTooMany(ILogger log, Guid groupId);
}
