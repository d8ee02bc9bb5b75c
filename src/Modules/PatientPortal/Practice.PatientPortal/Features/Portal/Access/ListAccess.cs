using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>A person accessing the account, as its holder sees them.</summary>
/// <param name="Name">Null where the person did not request access: then the holder knows only the address.</param>
internal sealed record GrantView(
    Guid GrantId,
    string? Name,
    string Email,
    PortalRole Role,
    PortalLevel Level,
    GrantStatus Status,
    DateTimeOffset RequestedAt,
    DateOnly? EndsOn
)
{
    /// <summary>A grant past its last day gives no access, so it is shown as disabled.</summary>
    public static GrantView Of(Grant grant, DateOnly today) =>
        new(
            grant.Id,
            grant.RequestedRole is null ? null : grant.UserName,
            grant.UserEmail,
            grant.Role,
            grant.Level,
            grant.Status == GrantStatus.Current && !grant.GivesAccess(today) ? GrantStatus.Disabled : grant.Status,
            grant.RequestedAt,
            grant.EndsOn
        );
}

/// <summary>Who has, or has requested, access to the account. For its holder.</summary>
internal sealed class ListAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/portal/accounts/{accountId:guid}/access", List)
            .RequireAccount(holder: true)
            .WithName("ListPortalAccess")
            .WithTags("Portal access")
            .Produces<Page<GrantView>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/portal/accounts/{accountId:guid}/access/{grantId:guid}", Get)
            .RequireAccount(holder: true)
            .WithName("ReadPortalAccess")
            .WithTags("Portal access")
            .Produces<GrantView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> List(
        Guid accountId,
        Paging paging,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var expired = clock.GetUtcNow() - Grant.WaitingPeriod;
        var grants = db
            .Grants.AsNoTracking()
            .Where(grant =>
                grant.AccountId == accountId
                && grant.Status != GrantStatus.Withdrawn
                && (grant.Status != GrantStatus.Pending || grant.RequestedAt > expired)
            );
        if (after.Value is { } last)
            grants = grants.Where(grant => grant.Id < last);
        var rows = await grants
            .OrderByDescending(grant => grant.Id)
            .Take(paging.Limit + 1)
            .Select(grant => new
            {
                Grant = grant,
                Zone = db.Accounts.Single(account => account.Id == accountId).TimeZone,
            })
            .ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                row => GrantView.Of(row.Grant, Ages.Today(clock.GetUtcNow(), row.Zone)),
                row => [row.Grant.Id]
            )
        );
    }

    private static async Task<IResult> Get(
        Guid accountId,
        Guid grantId,
        PatientPortalDbContext db,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ct
    )
    {
        var found = await db
            .Grants.AsNoTracking()
            .Where(grant =>
                grant.AccountId == accountId && grant.Id == grantId && grant.Status != GrantStatus.Withdrawn
            )
            .Select(grant => new
            {
                Grant = grant,
                Zone = db.Accounts.Single(account => account.Id == accountId).TimeZone,
            })
            .SingleOrDefaultAsync(ct);
        return found is null || found.Grant.HasExpired(clock.GetUtcNow())
            ? CommonErrors.NotFound.ToProblem()
            : ETags.Ok(http, GrantView.Of(found.Grant, Ages.Today(clock.GetUtcNow(), found.Zone)), found.Grant.Version);
    }
}
