using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Guardianship;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <param name="PausedBy">
/// The practices that keep their records from the guardian for now, as far as the caller sees them.
/// </param>
internal sealed record GuardianView(
    Guid UserId,
    string Name,
    Relationship Relationship,
    DateTimeOffset AddedAt,
    DateTimeOffset EndsAt,
    DateTimeOffset? ClinicalEndsAt,
    IReadOnlyList<string> PausedBy
);

/// <summary>The guardians of a dependant's account. For its holders.</summary>
internal sealed class ListGuardiansEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts/{accountId:guid}/guardians", Get)
            .RequireAccount(holder: true)
            .WithName("ListGuardians")
            .WithTags("Portal accounts")
            .Produces<Page<GuardianView>>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Get(
        Guid accountId,
        PatientPortalDbContext db,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var rows = await db
            .Guardians.AsNoTracking()
            .Where(guardian => guardian.AccountId == accountId && guardian.EndedAt == null)
            .OrderBy(guardian => guardian.AddedAt)
            .Select(guardian => new
            {
                Guardian = guardian,
                Account = db.Accounts.Single(account => account.Id == accountId),
                PausedBy = db
                    .Patients.Where(patient =>
                        patient.AccountId == accountId
                        && db.AccessPauses.Any(pause =>
                            pause.AccountId == accountId
                            && pause.UserId == guardian.UserId
                            && pause.GroupId == patient.GroupId
                        )
                    )
                    .Select(patient => patient.PracticeName)
                    .Distinct()
                    .ToList(),
            })
            .ToListAsync(ct);
        return Results.Ok(
            new Page<GuardianView>([.. rows.Select(row => View(row.Guardian, row.Account, row.PausedBy))], null)
        );

        GuardianView View(Guardian guardian, PortalAccount account, IReadOnlyList<string> pausedBy)
        {
            var minor = Guardian.OfMinor(account, options.Value);
            return new(
                guardian.UserId,
                guardian.UserName,
                guardian.Relationship,
                guardian.AddedAt,
                guardian.EndsAt(account, options.Value),
                minor.EndsAt > clock.GetUtcNow() ? minor.ClinicalEndsAt : null,
                [.. pausedBy.Order(StringComparer.OrdinalIgnoreCase)]
            );
        }
    }
}
