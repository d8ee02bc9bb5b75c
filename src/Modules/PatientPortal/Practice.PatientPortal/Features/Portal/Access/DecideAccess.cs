using FluentValidation;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Records;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>
/// The holder grants, denies or revokes access, with its role, level and last day. It counts with the next request.
/// </summary>
public sealed record DecideAccess(Guid AccountId, Guid GrantId, IfMatch IfMatch, Body<AccessDecision> Body)
    : Message,
        ICommand<Success>;

/// <param name="EndsOn">The last day, included; absent: without end.</param>
public sealed record AccessDecision(GrantStatus? Status, PortalRole? Role, PortalLevel? Level, DateOnly? EndsOn);

internal sealed class AccessDecisionValidator : AbstractValidator<AccessDecision>
{
    public AccessDecisionValidator()
    {
        RuleFor(decision => decision.Status).Required();
        RuleFor(decision => decision.Role).Required();
        RuleFor(decision => decision.Level).Required();
        RuleFor(decision => decision.EndsOn).PlausibleEnd();
    }
}

internal sealed class DecideAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPut("/api/portal/accounts/{accountId:guid}/access/{grantId:guid}", Put)
            .RequireAccount(edit: true, holder: true)
            .WithName(nameof(DecideAccess))
            .WithTags("Portal access")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired);

    private static async Task<IResult> Put(
        Guid accountId,
        Guid grantId,
        IfMatch ifMatch,
        Body<AccessDecision> body,
        IModuleBus bus,
        CancellationToken ct
    ) =>
        (await bus.SendAsync(new DecideAccess(accountId, grantId, ifMatch, body), ct)).ToHttp(() =>
            Results.NoContent()
        );
}

public static class DecideAccessHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        DecideAccess command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var read = command.Body.Read();
        var holder = await FindOwnAccountHolderAsync(bus, work.Caller, ct);
        var former =
            read.IsError || read.Value.Status != GrantStatus.Current
                ? null
                : await db.FindFormerRequesterAsync(bus, command.AccountId, grant => grant.Id == command.GrantId, ct);

        var (account, now) = ((await db.LockAccountAsync(command.AccountId, ct))!, clock.GetUtcNow());
        if (await work.AuthorizeAgainAsync(ct) is { } ended)
            return ended; // the dependant took the account over, or the guardian left, while this waited for the lock
        var grant = await db.LockGrantAsync(command.GrantId, ct);
        if (
            grant is null
            || grant.AccountId != account.Id
            || grant.Status == GrantStatus.Withdrawn
            || grant.HasExpired(now)
        )
            return CommonErrors.NotFound;
        if (read.IsError)
            return read.Errors;
        var today = PortalDays.Today(now, account.TimeZone);
        if (ETags.CheckState(command.IfMatch, grant.StateForHolder(today)) is { } stale)
            return stale;

        var ((status, role, level, endsOn), before) = (read.Value, grant.StatusOn(today));
        if (status == GrantStatus.Current && endsOn < today)
            return PortalErrors.EndsInPast;
        if (status == GrantStatus.Current && level == PortalLevel.Clinical && !work.Caller.Account.Clinical)
            return AuthorizationErrors.ClinicalNotGranted; // guardians cannot give what they no longer have
        if (!grant.Decide(status!.Value, role!.Value, level!.Value, endsOn, work.Caller.Person, now))
            return PortalErrors.InvalidTransition;
        grant.Refresh(account, former);
        if (!work.HasChanged(grant))
            return Result.Success;

        work.AuditDecision(account, grant);
        await db.ApplyDecisionAsync(account, grant, before, holder, work, options.Value, messages, ct);
        return Result.Success;
    }

    /// <summary>Null where guardians hold the account: nobody requests access at a dependant's address.</summary>
    private static async Task<AccountFacts?> FindOwnAccountHolderAsync(
        IModuleBus bus,
        Caller caller,
        CancellationToken ct
    ) => caller.Account.Relation == PortalRelation.Self ? await bus.GetAccountAsync(caller.Person, ct) : null;
}
