using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Patients;

namespace Practice.PatientPortal.Data;

/// <summary>Notices a patient who is entered twice.</summary>
internal static class Duplicates
{
    private const int MaxNamed = 10;

    /// <summary>
    /// The patients whom the caller sees and who may be the same person, archived ones included: two of three agree,
    /// the name (first and family name in either order, folded as search folds), the date of birth, and the email or
    /// phone. One of three would ask about each child of a family that shares a phone. A caller who sees no names is
    /// not told: they would learn whose code it is. Those who enter patients at once wait for each other.
    /// </summary>
    /// <returns>An error unless the caller accepts them.</returns>
    public static async Task<ErrorOr<IReadOnlyList<Guid>>> CheckDuplicatesAsync(
        this PatientPortalDbContext db,
        Patient patient,
        bool accepted,
        CancellationToken ct
    )
    {
        if (db.Call.Caller.May(Access.HidePatientNames))
            return Array.Empty<Guid>();
        await db.LockNewPatientsAsync(patient.GroupId, ct);
        var found = await db.VisibleToCaller(db.SamePerson(patient))
            .OrderBy(other => other.Id)
            .Select(other => other.Id)
            .Take(MaxNamed)
            .ToListAsync(ct);
        return found.Count == 0 || accepted ? found : PortalErrors.PossibleDuplicate(found);
    }

    /// <summary>
    /// Found by name or by date of birth, which have an index each; two of three that agree hold one of the two.
    /// </summary>
    private static IQueryable<Patient> SamePerson(this PatientPortalDbContext db, Patient patient)
    {
        var (email, phone) = (patient.Email ?? "", patient.Phone ?? "");
        return db.Patients.FromSql(
            $"""
            select same.*, same.xmin
            from (
                select left(search.fold({patient.FirstName}), 100) as first_name,
                    left(search.fold({patient.LastName}), 100) as last_name,
                    array(select word from unnest(portal.phone_words({phone})) word where word like 'tel%') as phones
            ) new, portal.patients same
            where same.group_id = {patient.GroupId} and same.id <> {patient.Id}
                and same.id in (
                    select named.id from portal.patients named
                    where named.group_id = {patient.GroupId}
                        and named.last_name_key = left(search.fold({patient.LastName}), 100)
                        and named.first_name_key = left(search.fold({patient.FirstName}), 100)
                    union all
                    select named.id from portal.patients named
                    where named.group_id = {patient.GroupId}
                        and named.last_name_key = left(search.fold({patient.FirstName}), 100)
                        and named.first_name_key = left(search.fold({patient.LastName}), 100)
                    union all
                    select born.patient_id from portal.patient_words born
                    where born.group_id = {patient.GroupId} and born.word = to_char({patient.DateOfBirth}, 'YYYYMMDD'))
                and 2 <= (
                    (
                        (same.first_name_key, same.last_name_key) = (new.first_name, new.last_name)
                        or (same.first_name_key, same.last_name_key) = (new.last_name, new.first_name)
                    )::int
                    + (same.date_of_birth = {patient.DateOfBirth})::int
                    + coalesce(
                        lower(same.email) = lower({email}) or portal.phone_words(same.phone) && new.phones, false)::int)
            """
        );
    }
}
