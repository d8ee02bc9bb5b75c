using Microsoft.EntityFrameworkCore;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Guardianship;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>A guardian asks the caller to be one too.</summary>
/// <param name="Dependant">The name of the person they would be a guardian of.</param>
internal sealed record GuardianshipView(
    Guid Id,
    string Dependant,
    string AskedBy,
    Relationship Relationship,
    DateTimeOffset AskedAt,
    DateTimeOffset ExpiresAt
);

/// <summary>What guardians ask the caller, newest first, as long as it can be answered.</summary>
internal sealed class ListGuardianshipsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/guardianships", Get)
            .RequirePortal()
            .WithName("ListGuardianships")
            .WithTags("Portal accounts")
            .Produces<Page<GuardianshipView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Get(
        Paging paging,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var expired = clock.GetUtcNow() - GuardianshipRequest.Lifetime;
        var asked = db
            .GuardianshipRequests.AsNoTracking()
            .Where(request =>
                request.UserId == ModuleDbContext.CurrentUserId()
                && request.DeclinedAt == null
                && request.AskedAt > expired
            );
        if (after.Value is { } last)
            asked = asked.Where(request => request.Id < last);
        var rows = await asked.OrderByDescending(request => request.Id).Take(paging.Limit + 1).ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                request => new GuardianshipView(
                    request.Id,
                    request.AccountName,
                    request.AskedByName,
                    request.Relationship,
                    request.AskedAt,
                    request.AskedAt + GuardianshipRequest.Lifetime
                ),
                request => [request.Id]
            )
        );
    }
}
