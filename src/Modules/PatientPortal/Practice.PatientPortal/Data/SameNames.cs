using Microsoft.EntityFrameworkCore;

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
}
