using Practice.Contracts.Groups;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

internal sealed record WritableRecord(ClinicalRecord Record, MemberFacts Member);

internal static class RecordWriting
{
    /// <summary>
    /// A clinical record, locked, with the calling member: who sees it and may write records. Asks the other module
    /// first.
    /// </summary>
    public static async Task<ErrorOr<WritableRecord>> LockForWritingAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        Guid groupId,
        Guid patientId,
        Guid recordId,
        CancellationToken ct
    )
    {
        var member = (await bus.FindMemberAsync(groupId, work.Caller.Person, ct))!;
        if (await db.LockRecordAsync(groupId, patientId, recordId, ct) is not { } record)
            return CommonErrors.NotFound;
        return member.MayRecord(work.Caller) ? new WritableRecord(record, member) : AuthorizationErrors.NotAllowed;
    }

    /// <summary>
    /// What belongs to the record has changed, and its row has not: writes the row, so that the database notes when.
    /// </summary>
    public static void NoteChange(this PatientPortalDbContext db, ClinicalRecord record) =>
        db.Entry(record).Property(row => row.Shared).IsModified = true;
}
