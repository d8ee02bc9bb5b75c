using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Data;

internal static class LinkedPatients
{
    /// <summary>The patients that are linked to an account, of one practice or of all.</summary>
    public static Task<List<Patient>> FindLinkedPatientsAsync(
        this PatientPortalDbContext db,
        Guid accountId,
        Guid? groupId,
        CancellationToken ct
    ) =>
        db
            .Patients.AsNoTracking()
            .Where(patient => patient.AccountId == accountId && (groupId == null || patient.GroupId == groupId))
            .OrderBy(patient => patient.Id)
            .ToListAsync(ct);

    /// <summary>
    /// One patient of each practice, for what is sent to a practice once: a person may be there twice. Of active ones
    /// it is the newest; an archived one only where all are.
    /// </summary>
    /// <param name="patients">In the order in which they were added.</param>
    public static List<Patient> OnePerPractice(this IEnumerable<Patient> patients) =>
        [
            .. patients
                .GroupBy(patient => patient.GroupId)
                .Select(same => same.LastOrDefault(patient => !patient.IsArchived) ?? same.Last()),
        ];

    /// <summary>
    /// The same, locked, so that what the portal sends goes to patients who are linked: the end of a link waits, or
    /// this waits and does not find them. Take it before the lock of the account, as a claim and the end of a link do.
    /// </summary>
    /// <param name="forChange">Else for adding something to them.</param>
    public static async Task<List<Patient>> LockLinkedPatientsAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        Guid accountId,
        Guid? groupId,
        bool forChange,
        CancellationToken ct
    )
    {
        List<Patient> patients = [];
        foreach (var linked in await db.FindLinkedPatientsAsync(accountId, groupId, ct))
        {
            using var asSystem = work.ActAsSystemIn(linked.GroupId); // the portal reads patients, and locks none
            var found = forChange
                ? db.Patients.FromSql(
                    $"""
                    select *, xmin from portal.patients
                    where id = {linked.Id} and account_id = {accountId} for update
                    """
                )
                : db.Patients.FromSql(
                    $"""
                    select *, xmin from portal.patients
                    where id = {linked.Id} and account_id = {accountId} for share
                    """
                );
            if (await found.SingleOrDefaultAsync(ct) is { } locked) // else it was unlinked at this moment
                patients.Add(locked);
        }

        return patients;
    }

    /// <summary>
    /// Writes the account to all records of a patient, or null to unlink them. Those that have it already are left
    /// alone, and unlocked.
    /// </summary>
    public static async Task LinkRecordsAsync(
        this PatientPortalDbContext db,
        Guid patientId,
        Guid? accountId,
        CancellationToken ct
    )
    {
        await db
            .Appointments.Where(a => a.PatientId == patientId && a.AccountId != accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.AccountId, accountId), ct);
        await db
            .Invoices.Where(i => i.PatientId == patientId && i.AccountId != accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(i => i.AccountId, accountId), ct);
        await db
            .ClinicalRecords.Where(r => r.PatientId == patientId && r.AccountId != accountId)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.AccountId, accountId), ct);
    }
}
