using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Practice.PatientPortal.Domain.Records;
using Wolverine;
using Wolverine.Attributes;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>
/// The holder gives a person access by email, unasked. The answer comes before the address is looked up, so that it
/// reveals nothing. Where the address has no account, the grant waits until a person confirms it.
/// </summary>
public sealed record GrantAccess(Guid AccountId, Body<NewGrant> Body) : Message, ICommand<Success>;

/// <param name="EndsOn">The last day, included; absent: without end.</param>
public sealed record NewGrant(string? Email, PortalRole? Role, PortalLevel? Level, DateOnly? EndsOn);

internal sealed class NewGrantValidator : AbstractValidator<NewGrant>
{
    public NewGrantValidator()
    {
        RuleFor(grant => grant.Email).Email();
        RuleFor(grant => grant.Role).Required();
        RuleFor(grant => grant.Level).Required();
        RuleFor(grant => grant.EndsOn).PlausibleEnd();
    }
}

internal sealed class GrantAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/accounts/{accountId:guid}/access", Post)
            .RequireAccount(edit: true, holder: true)
            .WithName(nameof(GrantAccess))
            .WithTags("Portal access")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(
        Guid accountId,
        Body<NewGrant> body,
        IModuleBus bus,
        CancellationToken ct
    ) => (await bus.SendAsync(new GrantAccess(accountId, body), ct)).ToHttp(() => Results.Accepted());
}

public static class GrantAccessHandler
{
    private const int MaxGrantsPerDay = 20;

    public static async Task<ErrorOr<Success>> Handle(
        GrantAccess command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (email, role, level, endsOn) = read.Value;
        var caller = await bus.GetAccountAsync(work.Caller.Person, ct);
        var address = EmailAddress.Normalize(email!);
        if (address == EmailAddress.Normalize(caller.Email))
            return PortalErrors.OwnAccount;
        var former = await db.FindFormerRequesterAsync(
            bus,
            command.AccountId,
            grant => grant.Status == GrantStatus.Current && EmailAddress.Normalize(grant.UserEmail) == address,
            ct
        );

        var (account, now) = ((await db.LockAccountAsync(command.AccountId, ct))!, clock.GetUtcNow());
        if (await work.AuthorizeAgainAsync(ct) is { } ended)
            return ended; // the dependant took the account over, or the guardian left, while this waited for the lock
        if (endsOn < PortalDays.Today(now, account.TimeZone))
            return PortalErrors.EndsInPast;
        if (level == PortalLevel.Clinical && !work.Caller.Account.Clinical)
            return AuthorizationErrors.ClinicalNotGranted; // guardians cannot give what they no longer have

        var grants = await db.Grants.Where(grant => grant.AccountId == account.Id).ToListAsync(ct);
        if (grants.Count(grant => grant.CountsForLimit(now)) >= MaxGrantsPerDay)
            return PortalErrors.TooManyRequests;

        // An open grant is changed, and an open request approved: one account and person never have two.
        // Whose access has ended may have another address now, and this one may be somebody else's.
        var moved = former is not null && EmailAddress.Normalize(former.Email) != address ? former.UserId : (Guid?)null;
        var open = grants.Find(grant =>
            EmailAddress.Normalize(grant.UserEmail) == address
            && grant.IsOpen(now)
            && (moved is null || grant.UserId != moved)
        );
        if (open is not null)
        {
            var before = open.StatusOn(PortalDays.Today(now, account.TimeZone));
            open.Decide(GrantStatus.Current, role!.Value, level!.Value, endsOn, caller.UserId, now);
            open.Refresh(account, former);
            var holder = account.IsDependant ? null : caller;
            await db.ApplyDecisionAsync(account, open, before, holder, work, options.Value, messages, ct);
        }
        else
        {
            // At once: if it went when its person is found, it would tell that there is one.
            foreach (
                var revoked in grants.Where(grant =>
                    grant is { RequestedRole: null, Status: GrantStatus.Disabled }
                    && EmailAddress.Normalize(grant.UserEmail) == address
                )
            )
                revoked.Replace();
            db.Grants.Add(open = Grant.Give(account, email!, role!.Value, level!.Value, endsOn, caller.UserId, now));
            await messages.PublishAsync(new FindGrantee(account.Id, open.Id));
        }

        work.Audit(
            PortalAudit.AccessGranted,
            account.Id,
            null,
            new
            {
                open.Id,
                role,
                level,
                endsOn,
            }
        );
        return Result.Success;
    }
}

/// <summary>Finds the person a grant is for, who must have confirmed the address.</summary>
/// <param name="Again">
/// Since the grant has been waiting: who confirmed the address in the moment before was not there yet, and did not find
/// it.
/// </param>
[MessageIdentity("Practice.PatientPortal.Features.Portal.FindGrantee")] // its name in messages already stored
public sealed record FindGrantee(Guid AccountId, Guid GrantId, bool Again = false) : Message, IInAccount;

public static class FindGranteeHandler
{
    public static async Task Handle(
        FindGrantee wanted,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await FindWaitingAsync(db, wanted.GrantId, ct) is not { } email)
            return;
        var person = await bus.FindConfirmedAccountAsync(email, ct);
        var holder = await FindHolderAsync(db, bus, wanted.AccountId, ct);

        var account = (await db.LockAccountAsync(wanted.AccountId, ct))!;
        if (
            await db.LockGrantAsync(wanted.GrantId, ct) is not { UserId: null, Status: not GrantStatus.Withdrawn } grant
        )
            return;
        if (person is null && wanted.Again)
            return;
        if (person is null)
        {
            await messages.PublishAsync(wanted with { Again = true });
            db.PendingGrants.Add(PendingGrant.Of(grant, account.Id, clock.GetUtcNow()));
            if (grant.Status == GrantStatus.Current) // else it ended before anybody was told
                await messages.PublishAsync(
                    new PortalAccessOffered(account.Id, grant.Id, email, account.Name, SenderId: grant.GivenById)
                );
            return;
        }

        await db.AssignGrantAsync(account, grant, person, work, options.Value, clock.GetUtcNow(), messages, ct);
        if (holder is not null)
            await db.RemoveIneffectiveRequestsAsync(work, holder, person.UserId, ct);
    }

    /// <summary>The address of a grant that has no person yet.</summary>
    private static Task<string?> FindWaitingAsync(PatientPortalDbContext db, Guid grantId, CancellationToken ct) =>
        db
            .Grants.Where(grant => grant.Id == grantId && grant.UserId == null)
            .Select(grant => grant.UserEmail)
            .SingleOrDefaultAsync(ct);

    /// <summary>The account's own person; null where guardians hold the account.</summary>
    private static async Task<AccountFacts?> FindHolderAsync(
        PatientPortalDbContext db,
        IModuleBus bus,
        Guid accountId,
        CancellationToken ct
    ) =>
        await db.Accounts.Where(account => account.Id == accountId).Select(account => account.UserId).SingleAsync(ct)
            is { } userId
            ? await bus.GetAccountAsync(userId, ct)
            : null;
}
