using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.EventHandlers;

/// <summary>Updates the practice's name, which the portal shows with each record.</summary>
public static class SyncPracticeNameOnGroupRenamedHandler
{
    public static Task Handle(GroupRenamed renamed, IModuleBus bus, CancellationToken ct) =>
        bus.SyncPracticeNameAsync(renamed.GroupId, null, ct);
}

/// <summary>
/// Syncs once more after a patient was added. A renaming of the group while the patient was being committed did not
/// find it.
/// </summary>
public static class SyncPracticeNameOnPatientAddedHandler
{
    public static Task Handle(PatientAdded added, IModuleBus bus, CancellationToken ct) =>
        bus.SyncPracticeNameAsync(added.GroupId, added.PatientId, ct);
}

internal static class PracticeNameSync
{
    /// <summary>
    /// Copies the name that the group has now, not the one that the event names: events can arrive in another order
    /// than the changes were made. A slow handler could overwrite a newer name with an older one, so each asks again
    /// after its commit, until the group still has the name that it wrote.
    /// </summary>
    /// <param name="patientId">One patient; null for all of the group.</param>
    public static async Task SyncPracticeNameAsync(
        this IModuleBus bus,
        Guid groupId,
        Guid? patientId,
        CancellationToken ct
    )
    {
        string? written = null;
        while ((await bus.QueryAsync(new FindGroup(groupId), ct)).Group is { } group && group.Name != written)
        {
            Guid? after = Guid.Empty;
            while (after is { } last)
            {
                var sync = new SyncPracticeName(groupId, patientId, group.Name, last);
                after = (await bus.InvokeAsSystemAsync(sync, ct)).Value.Last;
            }

            written = group.Name;
        }
    }
}

/// <summary>
/// Writes the practice's name to one patient of the group or to all, a portion at a time, each in a transaction of its
/// own.
/// </summary>
/// <param name="After">The last patient of the portion before.</param>
public sealed record SyncPracticeName(Guid GroupId, Guid? PatientId, string Name, Guid After)
    : Message,
        ICommand<SyncedPracticeName>,
        IInGroup;

/// <param name="Last">The last patient; null where no more follow.</param>
public sealed record SyncedPracticeName(Guid? Last);

public static class SyncPracticeNameHandler
{
    public static async Task<ErrorOr<SyncedPracticeName>> Handle(
        SyncPracticeName command,
        PatientPortalDbContext db,
        CancellationToken ct
    )
    {
        var portion = await db
            .Patients.Where(patient =>
                patient.GroupId == command.GroupId
                && (command.PatientId == null || patient.Id == command.PatientId)
                && patient.Id > command.After
            )
            .OrderBy(patient => patient.Id)
            .Take(SyncBatch.Size)
            .Select(patient => patient.Id)
            .ToListAsync(ct);
        await db
            .Patients.Where(patient =>
                patient.GroupId == command.GroupId
                && portion.Contains(patient.Id)
                && patient.PracticeName != command.Name
            )
            .ExecuteUpdateAsync(set => set.SetProperty(patient => patient.PracticeName, command.Name), ct);
        return new SyncedPracticeName(portion.Count == SyncBatch.Size ? portion[^1] : null);
    }
}
