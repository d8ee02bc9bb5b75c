using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Reminders;
using Practice.PatientPortal.Domain.Texts;
using Practice.Shared.Texts;

namespace Practice.PatientPortal.Texts;

/// <summary>
/// Marks a text message as being sent, in a transaction of its own, so that nobody else sends it: only the first to ask
/// gets its number and words.
/// </summary>
public sealed record ReserveText(Guid GroupId, Guid TextId) : Message, ICommand<ReservedText>, IInGroup;

/// <param name="To">The number; null if there is nothing to send.</param>
/// <param name="Problem">Why not, if that is not as usual.</param>
public sealed record ReservedText(string? To = null, string? Body = null, string? Problem = null);

public static class ReserveTextHandler
{
    public static async Task<ErrorOr<ReservedText>> Handle(
        ReserveText command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        PhoneNumberHash hash,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var isWanted = await IsWantedAsync(command, db, work, bus, options.Value, now, ct);
        if (await db.LockTextAsync(command.GroupId, command.TextId, ct) is not { } text)
            return new ReservedText();
        if (text.Status == TextStatus.Sending)
        {
            const string problem = "The host stopped while it was being sent. It may have been sent.";
            text.Become(TextStatus.Unknown, now, problem);
            return new ReservedText(Problem: problem);
        }

        if (text.Status != TextStatus.Waiting)
            return new ReservedText();

        var appointment = await db
            .Appointments.AsNoTracking()
            .SingleAsync(a => a.GroupId == text.GroupId && a.Id == text.AppointmentId, ct);
        // The text was made as its reminder was marked. Of another time there is another reminder, with its own text.
        var reminder = await db.FindReminderAsync(appointment.Id, ct);
        if (appointment.StartsAt <= now || reminder?.IsStill(appointment, text.CreatedAt) != true)
        {
            db.EndUnsent(text, TextStatus.Dropped, now, "The appointment was cancelled or moved, or has begun.");
            return new ReservedText();
        }

        var patient = await db.Patients.AsNoTracking().SingleAsync(p => p.Id == appointment.PatientId, ct);
        if (TextNumbers.Find(patient.Phone, options.Value.PhoneRegion) is not { } number)
        {
            db.EndUnsent(text, TextStatus.Refused, now, "The patient has no number that receives text messages.");
            return new ReservedText(Problem: text.Problem);
        }

        if (text.NumberHash is { } counted && !hash.Of(number).AsSpan().SequenceEqual(counted))
        {
            // To another number than the one whose texts of the day were counted.
            db.EndUnsent(text, TextStatus.Refused, now, "The patient’s number was changed meanwhile.");
            return new ReservedText(Problem: text.Problem);
        }

        if (!isWanted)
        {
            db.EndUnsent(text, TextStatus.Dropped, now, "Nobody is reminded by text message any more.");
            return new ReservedText();
        }

        text.Become(TextStatus.Sending, now);
        return new ReservedText(number, TextWording.Reminder(patient, appointment));
    }

    /// <summary>As the practice and the person have it now: the text may have waited for days.</summary>
    private static async Task<bool> IsWantedAsync(
        ReserveText command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        PortalOptions options,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var appointmentId = await db
            .Texts.Where(text => text.GroupId == command.GroupId && text.Id == command.TextId)
            .Select(text => text.AppointmentId)
            .SingleOrDefaultAsync(ct);
        if (await db.FindPatientOfAsync(command.GroupId, appointmentId, ct) is not { } patient)
            return false;
        var recipients = await db.FindRecipientsAsync(work, patient, options, now, ct);
        return ReminderRule.Of(await bus.GetGroupAsync(command.GroupId, ct)) is { IsOn: true, ByText: true }
            && await bus.WantsTextAsync(patient, recipients, ct);
    }
}
