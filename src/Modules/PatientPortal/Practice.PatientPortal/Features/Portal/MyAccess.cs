using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.Shared.Persistence;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>
/// Access that I have asked for or was given. Before a first approval it holds only what I typed: the same for an address without
/// an account, a denial, and a request that has no effect.
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
    /// <param name="open">What it opens at this moment: nothing past its last day, and no clinical data past the age at which guardians see none.</param>
    public static MyGrant Of(Grant grant, Openable? open) =>
        grant.ShownToRequester
            ? new(
                grant.Id,
                grant.AskedEmail,
                grant.AccountId,
                grant.AccountName,
                grant.Role,
                open is { Clinical: false } ? PortalLevel.Administrative : grant.Level,
                grant.Status == GrantStatus.Current && open is null ? GrantStatus.Disabled : grant.Status,
                grant.RequestedAt
            )
            : new(
                grant.Id,
                grant.AskedEmail,
                null,
                null,
                grant.AskedRole!.Value,
                null,
                GrantStatus.Pending,
                grant.RequestedAt
            );
}

internal sealed class MyAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/portal/access", Get)
            .RequirePortal()
            .WithName("ListMyAccess")
            .WithTags("Portal access")
            .Produces<Page<MyGrant>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        app.MapDelete("/api/portal/access/{grantId:guid}", Delete)
            .RequirePortal()
            .WithName(nameof(WithdrawGrant))
            .WithTags("Portal access")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> Get(
        Paging paging,
        PatientPortalDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (paging.AfterId() is var after && after.IsError)
            return Problems.ToProblem(after.Errors);

        var waiting = clock.GetUtcNow() - Grant.Patience;
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

    private static async Task<IResult> Delete(Guid grantId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new WithdrawGrant(grantId), ct)).ToHttp(() => Results.NoContent());
}

/// <summary>Takes back what I have asked for, or gives up what I was given. It is final: a new request is needed.</summary>
public sealed record WithdrawGrant(Guid GrantId) : Message, ICommand<Success>;

public static class WithdrawGrantHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        WithdrawGrant command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var person = work.Caller.Person;
        var found = await db
            .Grants.Where(grant => grant.Id == command.GrantId && grant.UserId == person)
            .Select(grant => grant.AccountId)
            .SingleOrDefaultAsync(ct);

        // The same steps whether or not the request has found an account: the time that they take must not tell.
        var accountId = found ?? Guid.Empty;
        using var inAccount = work.ActInAccount(accountId);
        var account = await db.LockAccountAsync(accountId, ct);
        if (
            await db.LockGrantAsync(command.GrantId, ct) is not { } grant
            || grant.UserId != person
            || !grant.IsListedForRequester(clock.GetUtcNow())
            || !grant.Withdraw()
        )
            return CommonErrors.NotFound;
        if (account is not null)
            await db.SyncAccessAsync(account, grant, options.Value, ct);
        else if (grant is { AccountId: not null, ShownToRequester: true })
            return CommonErrors.VersionChanged; // it was approved at this very moment
        work.Audit(PortalAudit.AccessWithdrawn, grant.Id, null);
        await db.SaveChangesAsync(ct);
        return Result.Success;
    }
}
