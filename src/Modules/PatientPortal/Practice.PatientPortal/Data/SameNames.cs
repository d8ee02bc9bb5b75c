using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Data;

/// <summary>Compares names as the search folds them: without case, accents and apostrophes.</summary>
internal static class SameNames
{
    public static Task<bool> IsSameNameAsync(
        this PatientPortalDbContext db,
        string one,
        string other,
        CancellationToken ct
    ) => db.Database.SqlQuery<bool>($"select search.fold({one}) = search.fold({other}) as \"Value\"").SingleAsync(ct);

    /// <summary>
    /// An error if the caller sees another patient with the same name and date of birth, and does not accept that. A
    /// caller who sees no names is not told: they would learn whose code it is. Those who enter the same patient at
    /// once wait for each other.
    /// </summary>
    public static async Task<Error?> FindDuplicateAsync(
        this PatientPortalDbContext db,
        Patient patient,
        bool accepted,
        CancellationToken ct
    )
    {
        if (accepted || db.Call.Caller.May(Access.HidePatientNames))
            return null;
        await db.Database.ExecuteSqlAsync(
            $"""
            select pg_advisory_xact_lock(hashtextextended(
                {patient.GroupId.ToString()} || search.fold({patient.FirstName} || ' ' || {patient.LastName}), 7))
            """,
            ct
        );
        var same = await db.VisibleToCaller(
                db.Patients.FromSql(
                    $"""
                    select *, xmin from portal.patients
                    where group_id = {patient.GroupId} and id <> {patient.Id} and date_of_birth = {patient.DateOfBirth}
                      and last_name_key = left(search.fold({patient.LastName}), 100)
                      and first_name_key = left(search.fold({patient.FirstName}), 100)
                    """
                )
            )
            .Select(other => other.Id)
            .Take(10)
            .ToListAsync(ct);
        return same.Count == 0 ? null : PortalErrors.PossibleDuplicate(same);
    }
}
