using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Credit;
using Practice.PatientPortal.Domain.Records;
using Practice.PatientPortal.Domain.Texts;

namespace Practice.PatientPortal.Data;

internal static class MessageCredits
{
    public static Task<TextMessage?> LockTextAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        Guid textId,
        CancellationToken ct
    ) =>
        db
            .Texts.FromSql($"select * from portal.texts where group_id = {groupId} and id = {textId} for update")
            .SingleOrDefaultAsync(ct);

    /// <summary>The text message ends without having been sent, so the practice gets its credit back.</summary>
    public static void EndUnsent(
        this PatientPortalDbContext db,
        TextMessage text,
        TextStatus status,
        DateTimeOffset now,
        string? problem,
        string? gatewayId = null
    )
    {
        text.Become(status, now, problem, gatewayId);
        db.CreditEntries.Add(CreditEntry.Returned(text.GroupId, text.Id, now));
    }

    /// <summary>
    /// Whether the practice has sent the most texts for a day: to all, to the patient or to the number. Asked under the
    /// credit's lock.
    /// </summary>
    public static async Task<bool> HasReachedDailyLimitAsync(
        this PatientPortalDbContext db,
        Appointment appointment,
        byte[] numberHash,
        int ofPractice,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (group, patient, since) = (appointment.GroupId, appointment.PatientId, now - TimeSpan.FromDays(1));
        var today = db.Texts.Where(text => text.GroupId == group && text.CreatedAt > since);
        if (await today.CountAsync(ct) >= ofPractice)
            return true;
        if (await today.CountAsync(text => text.NumberHash == numberHash, ct) >= TextMessage.MaxPerDayToNumber)
            return true;
        var theirs = await today.CountAsync(
            text =>
                db.Appointments.Any(a => a.GroupId == group && a.Id == text.AppointmentId && a.PatientId == patient),
            ct
        );
        return theirs >= TextMessage.MaxPerDayToPatient;
    }

    /// <summary>The practice's credit, locked: texts and top-ups of a practice happen one after the other.</summary>
    public static async Task<MessageCredit> LockCreditAsync(
        this PatientPortalDbContext db,
        Guid groupId,
        CancellationToken ct
    )
    {
        await db.Database.ExecuteSqlAsync(
            $"insert into portal.message_credits (group_id) values ({groupId}) on conflict do nothing",
            ct
        );
        return await db
            .MessageCredits.FromSql($"select * from portal.message_credits where group_id = {groupId} for update")
            .SingleAsync(ct);
    }
}
