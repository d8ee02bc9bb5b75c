using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Patients;
using Practice.Shared.Fhir;

namespace Practice.PatientPortal.Data;

/// <summary>Who opens the portal account of one patient, as a search of FHIR asks for them.</summary>
/// <param name="Patient">Null where the caller sees no such patient.</param>
/// <param name="Readers">In the order of their ids, those whose access has ended too.</param>
/// <param name="Pauses">What the practice has paused.</param>
internal sealed record PatientReaders(
    Patient? Patient,
    IReadOnlyList<AccountReader> Readers,
    IReadOnlyList<AccessPause> Pauses
)
{
    private static readonly PatientReaders None = new(null, [], []);

    public bool IsPaused(AccountReader reader) => Pauses.Any(reader.Paused.IsIn);

    /// <summary>The caller sees them as in the API's list, and the audit says so.</summary>
    public static async Task<ErrorOr<PatientReaders>> FindAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        Guid groupId,
        FhirSearch search,
        PortalOptions options,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (search.Errors.Count > 0)
            return search.Errors.ToList();
        var asked = search.OneReference("patient");
        if (asked.IsError)
            return asked.Errors;
        var ids = search.IdTexts()?.Select(FhirIds.ReadPair).OfType<(Guid Patient, Guid Reader)>().ToList();
        var patientIds = ids?.Select(id => id.Patient).Distinct().ToList();
        if (patientIds is { Count: > 1 })
            return ApiError.InvalidField("_id", "Ids of one patient at a time.");
        var patientId = patientIds is null ? asked.Value : patientIds.Cast<Guid?>().SingleOrDefault();
        if (
            patientId is not { } known
            || (search.Asks("patient") && asked.Value != known)
            || await db.FindPatientAsync(groupId, known, ct) is not { } patient
        )
            return None;

        work.Audit(PortalAudit.AccessShown, patient.Id, patient.GroupId);
        if (patient.AccountId is not { } accountId)
            return None with { Patient = patient };
        var pauses = await db.FindPausesAsync(accountId, groupId, ct);
        using var inAccount = work.ActInAccount(accountId); // the practice reads its own rows only
        var account = await db.Accounts.AsNoTracking().SingleAsync(account => account.Id == accountId, ct);
        var readers = ids is null
            ? await db.FindReadersAsync(account, groupId, options, now, search.AfterId, search.Rows, ct)
            : await db.FindReadersAsync(account, groupId, options, now, [.. ids.Select(id => id.Reader)], ct);
        return new PatientReaders(patient, readers, pauses);
    }
}
