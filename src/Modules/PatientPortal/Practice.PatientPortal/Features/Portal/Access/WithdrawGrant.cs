using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Grants;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>
/// Withdraws the caller's own request, or gives up the access they were given. Access again takes a new request.
/// </summary>
public sealed record WithdrawGrant(Guid GrantId) : Message, ICommand<Success>;

internal sealed class WithdrawGrantEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapDelete("/api/portal/access/{grantId:guid}", Delete)
            .RequirePortal()
            .WithName(nameof(WithdrawGrant))
            .WithTags("Portal access")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> Delete(Guid grantId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new WithdrawGrant(grantId), ct)).ToHttp(() => Results.NoContent());
}

public static class WithdrawGrantHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        WithdrawGrant command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var person = work.Caller.Person;
        var found = await db
            .Grants.Where(grant => grant.Id == command.GrantId && grant.UserId == person)
            .Select(grant => grant.AccountId)
            .SingleOrDefaultAsync(ct);

        // The same steps whether or not the request has found an account: their duration must not reveal it.
        var accountId = found ?? Guid.Empty;
        using (work.ActInAccount(accountId))
        {
            var account = await db.LockAccountAsync(accountId, ct);
            var locked = await db.LockGrantAsync(command.GrantId, ct);
            var waited = locked?.Status == GrantStatus.Pending;
            if (
                locked is not { } grant
                || grant.UserId != person
                || !grant.IsListedForRequester(clock.GetUtcNow())
                || !grant.Withdraw()
            )
                return CommonErrors.NotFound;
            if (account is not null)
                await db.SyncAccessAsync(account, grant, options.Value, ct);
            else if (grant is { AccountId: not null, VisibleToRequester: true })
                return CommonErrors.VersionChanged; // it was approved at this moment
            await db.SaveChangesAsync(ct);
            await messages.PublishAsync(
                new PortalAccessRequestClosed(found, command.GrantId, waited ? account?.UserId : null)
            );
        }

        work.Audit(PortalAudit.AccessWithdrawn, command.GrantId, null);
        return Result.Success;
    }
}
