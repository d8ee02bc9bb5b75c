using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Patients;
using Practice.Shared.Audit;

namespace Practice.PatientPortal.Data;

/// <summary>
/// Records each access to a portal account for its holder and for the audit, in the transaction of the access itself.
/// </summary>
internal static class AccessLogging
{
    /// <summary>The account that the caller opens, with the access recorded.</summary>
    public static async Task<PortalAccount> OpenAccountAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        AccessLogAction action,
        DateTimeOffset now,
        Guid? subjectId,
        CancellationToken ct
    )
    {
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == work.Caller.Account.AccountId, ct);
        await RecordAsync(db, work, account, action, now, subjectId, ct);
        work.Audit(
            PortalAudit.Opened,
            account.Id,
            null,
            new
            {
                opened = action.ToCode(),
                subjectId,
                work.Caller.Account.GrantId,
            }
        );
        return account;
    }

    /// <summary>Records what a caller of the portal did. A change has an audit entry of its own.</summary>
    /// <returns>The caller's name, from the portal's own copies.</returns>
    public static async Task<string> RecordAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        PortalAccount account,
        AccessLogAction action,
        DateTimeOffset now,
        Guid? subjectId,
        CancellationToken ct
    )
    {
        var name = await db.NameOfAsync(work.Caller, account, ct);
        db.AccessLog.Add(AccessLogEntry.ByPortal(account, work.Caller, name, action, subjectId, now));
        return name;
    }

    /// <summary>Records that staff opened one patient's data.</summary>
    /// <param name="subjectId">The single item, if it was one of many.</param>
    public static Task RecordAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        AuditAct act,
        Patient patient,
        AccessLogAction action,
        DateTimeOffset now,
        Guid? subjectId,
        CancellationToken ct
    )
    {
        work.Audit(
            act,
            subjectId ?? patient.Id,
            patient.GroupId,
            subjectId is null ? null : new { PatientId = patient.Id }
        );
        return RecordByStaffAsync(db, work, bus, [patient], action, now, subjectId, ct);
    }

    /// <summary>Records that staff opened data of several patients at once.</summary>
    public static Task RecordAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        AuditAct act,
        Guid groupId,
        IEnumerable<Patient> shown,
        AccessLogAction action,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var patients = shown.DistinctBy(patient => patient.Id).ToList();
        work.Audit(act, groupId, groupId, new { Patients = patients.Select(patient => patient.Id) });
        return RecordByStaffAsync(db, work, bus, patients, action, now, subjectId: null, ct);
    }

    /// <summary>Only patients with a portal account have a holder who reads the log.</summary>
    public static async Task RecordByStaffAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        List<Patient> patients,
        AccessLogAction action,
        DateTimeOffset now,
        Guid? subjectId,
        CancellationToken ct
    )
    {
        var linked = patients
            .Where(patient => patient.AccountId is not null)
            .DistinctBy(patient => patient.AccountId)
            .ToList();
        if (linked.Count == 0)
            return;
        var member = (await bus.FindMemberAsync(linked[0].GroupId, work.Caller.Person, ct))!;
        db.AccessLog.AddRange(
            linked.Select(patient =>
                AccessLogEntry.ByStaff(
                    patient,
                    patient.AccountId!.Value,
                    work.Caller,
                    member.Name,
                    action,
                    subjectId,
                    now
                )
            )
        );
    }

    private static async Task<string> NameOfAsync(
        this PatientPortalDbContext db,
        Caller caller,
        PortalAccount account,
        CancellationToken ct
    )
    {
        var (person, entry) = (caller.Person, caller.Account);
        return entry.Relation switch
        {
            PortalRelation.Self => account.Name,
            PortalRelation.Guardian => await db
                .Guardians.Where(g => g.AccountId == account.Id && g.UserId == person)
                .Select(g => g.UserName)
                .SingleAsync(ct),
            // A grant that replaced it at this moment has removed it.
            PortalRelation.Granted => await db
                .Grants.Where(g => g.Id == entry.GrantId)
                .Select(g => g.UserName)
                .SingleOrDefaultAsync(ct)
                ?? throw new AccessDeniedException(AuthorizationErrors.GrantNotCurrent),
            var other => throw new ArgumentOutOfRangeException(nameof(caller), other, "Not a relation to an account."),
        };
    }
}
