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
}
