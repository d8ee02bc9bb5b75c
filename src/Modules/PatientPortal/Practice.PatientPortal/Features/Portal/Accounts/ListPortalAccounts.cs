using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal.Accounts;

/// <summary>An account that the caller may open, with relation, role and level at this moment.</summary>
/// <param name="TimeZone">The account's IANA time zone, which decides when its days begin.</param>
internal sealed record OpenableAccount(
    Guid AccountId,
    string Name,
    AccountRelation Relation,
    PortalRole Role,
    PortalLevel Level,
    string TimeZone
);

/// <summary>
/// The accounts a person can switch between: their own, their dependants', and those granted, by family name and
/// first name.
/// </summary>
internal sealed class ListPortalAccountsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapGet("/api/portal/accounts", Get)
            .RequirePortal()
            .WithName("ListPortalAccounts")
            .WithTags("Portal accounts")
            .Produces<Page<OpenableAccount>>()
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

        // Row-level security shows only the accounts that the caller may open now.
        var accounts = db
            .Accounts.AsNoTracking()
            .Select(account => new
            {
                Account = account,
                LastName = EF.Functions.Collate(ModuleDbContext.Fold(account.LastName), Collations.ByCodePoint),
                FirstName = EF.Functions.Collate(ModuleDbContext.Fold(account.FirstName), Collations.ByCodePoint),
            });
        if (after.Value is { } last)
        {
            var seen = await accounts.SingleOrDefaultAsync(row => row.Account.Id == last, ct);
            if (seen is null)
                return Problems.ToProblem([Paging.Gone]);
            accounts = accounts.Where(row =>
                EF.Functions.GreaterThan(
                    ValueTuple.Create(row.LastName, row.FirstName, row.Account.Id),
                    ValueTuple.Create(seen.LastName, seen.FirstName, last)
                )
            );
        }

        var rows = await accounts
            .Join(
                db.Openable(clock.GetUtcNow()).Where(open => open.First),
                row => row.Account.Id,
                open => open.AccountId,
                (row, open) =>
                    new
                    {
                        row.Account.Id,
                        row.LastName,
                        row.FirstName,
                        Name = row.Account.FirstName + " " + row.Account.LastName,
                        row.Account.TimeZone,
                        open.Relation,
                        open.CanEdit,
                        open.Clinical,
                    }
            )
            .OrderBy(row => row.LastName)
            .ThenBy(row => row.FirstName)
            .ThenBy(row => row.Id)
            .Take(paging.Limit + 1)
            .ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                row => new OpenableAccount(
                    row.Id,
                    row.Name,
                    AccountRelations.Of(EnumCodes.Parse<PortalRelation>(row.Relation)),
                    PortalRoles.Of(row.CanEdit),
                    PortalRoles.LevelOf(row.Clinical),
                    row.TimeZone
                ),
                row => [row.Id]
            )
        );
    }
}
