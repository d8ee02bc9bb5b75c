using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal;

public enum AccountRelation
{
    Self,
    Dependant,
    Granted,
}

/// <summary>An account that the caller may open, as what, and how far it goes at this moment.</summary>
internal sealed record OpenableAccount(Guid AccountId, string Name, AccountRelation Relation, PortalRole Role, PortalLevel Level);

/// <summary>The accounts between which a person toggles: their own, their dependants', and those granted, by name.</summary>
internal sealed class ListAccountsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/api/portal/accounts", Get)
        .RequirePortal()
        .WithName("ListPortalAccounts").WithTags("Portal accounts")
        .Produces<Page<OpenableAccount>>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> Get(Paging paging, PatientPortalDbContext db, IOptions<PortalOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (paging.AfterTextAndId() is var after && after.IsError)
            return await db.RefuseAsync(after.Errors, ct);

        // Row-level security shows the accounts that may be opened now, and no others.
        var accounts = db.Accounts.AsNoTracking().Select(account => new { Account = account, Name = account.FirstName + " " + account.LastName });
        if (after.Value is { } last)
            accounts = accounts.Where(row => EF.Functions.GreaterThan(ValueTuple.Create(row.Name, row.Account.Id), ValueTuple.Create(last.Text, last.Id)));
        var rows = await accounts.OrderBy(row => row.Name).ThenBy(row => row.Account.Id).Take(paging.Limit + 1)
            .Select(row => new
            {
                row.Account,
                row.Name,
                Guardian = db.Guardians.FirstOrDefault(guardian => guardian.AccountId == row.Account.Id && guardian.UserId == ModuleDbContext.CurrentUserId() && guardian.EndedAt == null),
                Grant = db.Grants.FirstOrDefault(grant => grant.AccountId == row.Account.Id && grant.UserId == ModuleDbContext.CurrentUserId() && grant.Status == GrantStatus.Current),
            }).ToListAsync(ct);
        var (caller, now) = (db.Call.Caller.UserId, clock.GetUtcNow());
        return Results.Ok(paging.Page(rows, row => View(row.Account, row.Guardian, row.Grant), row => [row.Name, row.Account.Id]));

        OpenableAccount View(PortalAccount account, Guardian? guardian, Grant? grant)
        {
            if (account.UserId == caller)
                return new(account.Id, account.Name, AccountRelation.Self, PortalRole.Edit, PortalLevel.Clinical);
            if (guardian is not null && guardian.Ends(account, options.Value) is var ends && ends.EndsAt > now)
            {
                return new(account.Id, account.Name, AccountRelation.Dependant, PortalRole.Edit,
                    ends.ClinicalEndsAt is { } clinical && clinical <= now ? PortalLevel.Administrative : PortalLevel.Clinical);
            }

            return new(account.Id, account.Name, AccountRelation.Granted, grant!.Role, grant.Level);
        }
    }
}
