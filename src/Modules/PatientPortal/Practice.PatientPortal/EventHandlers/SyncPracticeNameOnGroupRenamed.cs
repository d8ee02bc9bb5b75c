using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.PatientPortal.Data;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Updates the practice's name, which the portal shows with each record.</summary>
public static class SyncPracticeNameOnGroupRenamedHandler
{
    public static Task Handle(GroupRenamed renamed, PatientPortalDbContext db, CancellationToken ct) =>
        db
            .Patients.Where(patient => patient.GroupId == renamed.GroupId)
            .ExecuteUpdateAsync(set => set.SetProperty(patient => patient.PracticeName, renamed.Name), ct);
}
