using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.Shared.Audit;

namespace Practice.PatientPortal.Features.Staff;

/// <summary>What every look of staff at patient data leaves behind, committed with the look: an entry in the audit, and receipts for those who have a portal account.</summary>
internal static class Looks
{
    /// <summary>One patient's data was opened.</summary>
    /// <param name="opened">What, as the receipt says it: such as <c>appointments</c>.</param>
    /// <param name="subjectId">The one thing opened, where it was one of many.</param>
    public static Task LookAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        AuditAct act,
        Patient patient,
        string opened,
        DateTimeOffset now,
        CancellationToken ct,
        Guid? subjectId = null
    )
    {
        work.Audit(
            act,
            subjectId ?? patient.Id,
            patient.GroupId,
            subjectId is null ? null : new { PatientId = patient.Id }
        );
        return db.LeaveReceiptsAsync(work, bus, [patient], opened, now, ct, subjectId);
    }

    /// <summary>Data of several patients was opened at once.</summary>
    public static Task LookAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        AuditAct act,
        Guid groupId,
        IEnumerable<Patient> shown,
        string opened,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var patients = shown.DistinctBy(patient => patient.Id).ToList();
        work.Audit(act, groupId, groupId, new { Patients = patients.Select(patient => patient.Id) });
        return db.LeaveReceiptsAsync(work, bus, patients, opened, now, ct);
    }

    private static async Task LeaveReceiptsAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        List<Patient> patients,
        string opened,
        DateTimeOffset now,
        CancellationToken ct,
        Guid? subjectId = null
    )
    {
        var linked = patients
            .Where(patient => patient.AccountId is not null)
            .DistinctBy(patient => patient.AccountId)
            .ToList();
        if (linked.Count == 0)
            return;
        var member = await bus.FindMemberAsync(linked[0].GroupId, work.Caller.Person, ct);
        db.Receipts.AddRange(
            linked.Select(patient => new AccessReceipt
            {
                Id = Guid.CreateVersion7(now),
                AccountId = patient.AccountId!.Value,
                GroupId = patient.GroupId,
                PracticeName = patient.PracticeName,
                At = now,
                UserId = work.Caller.Person,
                UserName = member!.Name,
                Authority = "staff",
                Opened = opened,
                SubjectId = subjectId,
            })
        );
    }
}
