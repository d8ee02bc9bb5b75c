using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Grants;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>
/// Access that the caller requested or was given. Before the first approval it holds only what they typed. It looks the
/// same for an address without an account, a denial, and a request without effect.
/// </summary>
internal sealed record MyGrant(
    Guid GrantId,
    string? Email,
    Guid? AccountId,
    string? Name,
    PortalRole Role,
    PortalLevel? Level,
    GrantStatus Status,
    DateTimeOffset RequestedAt
)
{
    /// <param name="open">
    /// The access it gives at this moment: none past its last day, and no clinical data once guardians see none.
    /// </param>
    public static MyGrant Of(Grant grant, Openable? open) =>
        grant.VisibleToRequester
            ? new(
                grant.Id,
                grant.RequestedEmail,
                grant.AccountId,
                grant.AccountName,
                grant.Role,
                open is { Clinical: false } ? PortalLevel.Administrative : grant.Level,
                grant.Status == GrantStatus.Current && open is null ? GrantStatus.Disabled : grant.Status,
                grant.RequestedAt
            )
            : new(
                grant.Id,
                grant.RequestedEmail,
                null,
                null,
                grant.RequestedRole!.Value,
                null,
                GrantStatus.Pending,
                grant.RequestedAt
            );
}

/// <summary>The access that the caller requested or was given.</summary>
internal sealed class ListMyAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/access", Get)
            .RequirePortal()
            .WithName("ListMyAccess")
            .WithTags("Portal access")
            .Produces<Page<MyGrant>>()
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

        var waiting = clock.GetUtcNow() - Grant.WaitingPeriod;
        var mine = db
            .Grants.AsNoTracking()
            .Where(grant =>
                grant.UserId == ModuleDbContext.CurrentUserId()
                && grant.Status != GrantStatus.Withdrawn
                && (grant.ApprovedAt != null || grant.RequestedAt > waiting)
            );
        if (after.Value is { } last)
            mine = mine.Where(grant => grant.Id < last);
        var rows = await (
            from grant in mine
            join opens in db.Openable(clock.GetUtcNow()) on grant.Id equals opens.GrantId into at
            from open in at.DefaultIfEmpty()
            orderby grant.Id descending
            select new { Grant = grant, Open = open }
        )
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        return Results.Ok(paging.Page(rows, row => MyGrant.Of(row.Grant, row.Open), row => [row.Grant.Id]));
    }
}
