using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain.Records;

namespace Practice.PatientPortal.Data;

/// <summary>Lists of clinical records have the time that they are about, the latest first.</summary>
internal static class ClinicalRecordLists
{
    public static IQueryable<ClinicalRecord> After(
        this IQueryable<ClinicalRecord> records,
        (DateTimeOffset At, Guid Id)? last
    ) =>
        last is not var (at, id)
            ? records
            : records.Where(record =>
                EF.Functions.LessThan(ValueTuple.Create(record.RecordedAt, record.Id), ValueTuple.Create(at, id))
            );
}
