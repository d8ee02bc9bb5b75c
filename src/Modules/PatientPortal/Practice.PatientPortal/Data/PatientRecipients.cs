using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Data;

/// <summary>Who is told about a patient's appointments: a person, or an address.</summary>
internal sealed record Recipient(Guid? UserId, string? Email)
{
    public AppointmentAnnounced ToEvent(Patient patient, AppointmentUpdate update, AppointmentFacts appointment) =>
        new(patient.GroupId, patient.PracticeName, update, UserId, Email, patient.FirstName, appointment);
}

internal static class PatientRecipients
{
    /// <summary>
    /// The holder of the account that the patient is linked to; of a dependant, each guardian who may act for them in
    /// this practice and whom it has not paused. The address that the practice recorded counts only for a patient who
    /// is not linked: nobody has proved that it is theirs.
    /// </summary>
    public static async Task<IReadOnlyList<Recipient>> FindRecipientsAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        Patient patient,
        PortalOptions options,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (patient.AccountId is not { } accountId)
            return patient.Email is { } email ? [new(null, email)] : [];

        using var inAccount = work.ActInAccount(accountId);
        var account = await db.Accounts.AsNoTracking().SingleAsync(account => account.Id == accountId, ct);
        if (account.UserId is { } holder)
            return [new(holder, null)];
        var guardians = await db.FindGuardiansAsync(account, patient.GroupId, options, now, ct);
        return [.. guardians.Select(guardian => new Recipient(guardian, null))];
    }

    /// <summary>Reminders that everyone has switched off go nowhere.</summary>
    public static async Task<bool> WantsTextAsync(
        this IModuleBus bus,
        Patient patient,
        IReadOnlyList<Recipient> recipients,
        CancellationToken ct
    )
    {
        if (patient.Phone is null || (patient.AccountId is not null && recipients.Count == 0))
            return false;
        var people = recipients.Where(recipient => recipient.UserId is not null).Select(r => r.UserId!.Value).ToList();
        return (await bus.QueryAsync(new FindReminderChoice(people, patient.Email), ct)).IsWanted;
    }
}
