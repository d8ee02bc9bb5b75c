using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.ContractHandlers;

public static class FindPatientNamesHandler
{
    public static async Task<PatientNamesAnswer> Handle(
        FindPatientNames query,
        PatientPortalDbContext db,
        CancellationToken ct
    ) =>
        new(
            await db
                .Patients.AsNoTracking()
                .Where(patient => patient.GroupId == query.GroupId && query.PatientIds.Contains(patient.Id))
                .Select(patient => new PatientName(patient.Id, patient.FirstName + " " + patient.LastName))
                .ToListAsync(ct)
        );
}
