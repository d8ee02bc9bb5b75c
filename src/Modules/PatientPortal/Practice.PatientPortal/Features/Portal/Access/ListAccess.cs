using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>A person accessing the account, as its holder sees them.</summary>
/// <param name="PausedBy">The practices that keep their records from the person for now.</param>
/// <param name="Name">Null where the person did not request access: then the holder knows only the address.</param>
internal sealed record GrantView(
    Guid GrantId,
    string? Name,
    string Email,
    PortalRole Role,
    PortalLevel Level,
    GrantStatus Status,
    DateTimeOffset RequestedAt,
    DateOnly? EndsOn,
    IReadOnlyList<string> PausedBy
)
{
    /// <summary>A grant past its last day gives no access, so it is shown as disabled.</summary>
    public static GrantView Of(Grant grant, DateOnly today, IEnumerable<string> pausedBy) =>
        new(
            grant.Id,
            grant.RequestedRole is null ? null : grant.UserName,
            grant.UserEmail,
            grant.Role,
            grant.Level,
            grant.Status == GrantStatus.Current && !grant.GivesAccess(today) ? GrantStatus.Disabled : grant.Status,
            grant.RequestedAt,
            grant.EndsOn,
            [.. pausedBy.Order(StringComparer.OrdinalIgnoreCase)]
        );
}

/// <param name="Zone">Of the account, where days begin and end.</param>
/// <param name="AnyPaused">Whether a practice keeps its records from anybody: rare, and then asked by itself.</param>
internal sealed record GrantInZone(Grant Grant, string Zone, bool AnyPaused);

/// <summary>Who has, or has requested, access to the account. For its holder.</summary>
internal sealed class ListAccessEndpoint : ICarterModule
{
    /// <summary>After every id: the list begins at its end.</summary>
    private static readonly Guid Last = Guid.AllBitsSet;

    private static readonly Func<
        PatientPortalDbContext,
        Guid,
        DateTimeOffset,
        Guid,
        int,
        IAsyncEnumerable<GrantInZone>
    > Page = EF.CompileAsyncQuery(
        (PatientPortalDbContext db, Guid accountId, DateTimeOffset expired, Guid last, int rows) =>
            db
                .Grants.AsNoTracking()
                .Where(grant =>
                    grant.AccountId == accountId
                    && grant.Id < last
                    && grant.Status != GrantStatus.Withdrawn
                    && (grant.Status != GrantStatus.Pending || grant.RequestedAt > expired)
                )
                .OrderByDescending(grant => grant.Id)
                .Take(rows)
                .Select(grant => new GrantInZone(
                    grant,
                    db.Accounts.Single(account => account.Id == accountId).TimeZone,
                    db.AccessPauses.Any(pause => pause.AccountId == accountId)
                ))
    );

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
            .WithSummary("One person with access to the account, with the version that changing it asks for.")
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

        var now = clock.GetUtcNow();
        var rows = await Page(db, accountId, now - Grant.WaitingPeriod, after.Value ?? Last, paging.Limit + 1)
            .ToListAsync(ct);
        var pauses = await PausesAsync(db, accountId, rows.Exists(row => row.AnyPaused), ct);
        return Results.Ok(
            paging.Page(
                rows,
                row => GrantView.Of(row.Grant, Ages.Today(now, row.Zone), pauses[row.Grant.UserId]),
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
            .Select(grant => new GrantInZone(
                grant,
                db.Accounts.Single(account => account.Id == accountId).TimeZone,
                db.AccessPauses.Any(pause => pause.AccountId == accountId)
            ))
            .SingleOrDefaultAsync(ct);
        if (found is null || found.Grant.HasExpired(clock.GetUtcNow()))
            return CommonErrors.NotFound.ToProblem();
        var pauses = await PausesAsync(db, accountId, found.AnyPaused, ct);
        return ETags.Ok(
            http,
            GrantView.Of(found.Grant, Ages.Today(clock.GetUtcNow(), found.Zone), pauses[found.Grant.UserId]),
            found.Grant.Version
        );
    }

    /// <summary>By whom each person is paused in this account: the practices' names.</summary>
    private static async Task<ILookup<Guid?, string>> PausesAsync(
        PatientPortalDbContext db,
        Guid accountId,
        bool any,
        CancellationToken ct
    )
    {
        List<AccountPause> pauses = any ? await db.PausesOf(accountId).ToListAsync(ct) : [];
        return pauses.ToLookup(pause => (Guid?)pause.UserId, pause => pause.PracticeName);
    }
}
