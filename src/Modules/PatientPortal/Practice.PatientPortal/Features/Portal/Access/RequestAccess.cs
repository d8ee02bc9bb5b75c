using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Wolverine;
using Wolverine.Attributes;

namespace Practice.PatientPortal.Features.Portal.Access;

/// <summary>
/// Requests access to another person's account. The answer never reveals whether there is one. Repeating a pending
/// request does nothing.
/// </summary>
/// <remarks>The answer comes before <see cref="FindRequestedAccount"/> looks for the account.</remarks>
public sealed record RequestAccess(Body<AccessRequest> Body) : Message, ICommand<Success>;

public sealed record AccessRequest(string? Email, PortalRole? Role);

internal sealed class AccessRequestValidator : AbstractValidator<AccessRequest>
{
    public AccessRequestValidator()
    {
        RuleFor(request => request.Email).Email();
        RuleFor(request => request.Role).Required();
    }
}

internal sealed class RequestAccessEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/access-requests", Post)
            .RequirePortal()
            .WithName(nameof(RequestAccess))
            .WithTags("Portal access")
            .Produces(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> Post(Body<AccessRequest> body, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new RequestAccess(body), ct)).ToHttp(() => Results.Accepted());
}

public static class RequestAccessHandler
{
    private const int MaxRequestsPerDay = 20;

    public static async Task<ErrorOr<Success>> Handle(
        RequestAccess command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.FindOwnAccountAsync(work.Caller.Person, ct) is null)
            return PortalErrors.AccountRequired;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;

        var (person, now) = (await bus.GetAccountAsync(work.Caller.Person, ct), clock.GetUtcNow());
        var requested = EmailAddress.Normalize(read.Value.Email!);
        if (requested == EmailAddress.Normalize(person.Email))
            return PortalErrors.OwnAccount;

        await db.LockPersonAsync(person.UserId, ct);
        var earlier = await db
            .Grants.Where(grant => grant.UserId == person.UserId && grant.NormalizedRequestedEmail == requested)
            .ToListAsync(ct);
        if (earlier.Exists(grant => grant.LooksPendingToRequester(now)))
            return Result.Success;
        var today = now - Grant.LimitPeriod;
        if (
            await db.Grants.CountAsync(
                grant => grant.UserId == person.UserId && grant.RequestedEmail != null && grant.RequestedAt > today,
                ct
            ) >= MaxRequestsPerDay
        )
            return PortalErrors.TooManyRequests;

        if (earlier.Find(grant => grant.HasExpired(now)) is { } expired)
        {
            db.Grants.Remove(expired);
            await db.SaveChangesAsync(ct); // before the new one is added: there may be one pending at a time
        }

        var grant = Grant.Request(
            person.UserId,
            person.FullName(),
            person.Email,
            read.Value.Email!,
            read.Value.Role!.Value,
            now
        );
        db.Grants.Add(grant);
        work.Audit(PortalAudit.AccessRequested, grant.Id, null);
        await messages.PublishAsync(new FindRequestedAccount(grant.Id, person.UserId));
        return Result.Success;
    }
}

/// <summary>
/// Passes a request on to the holder of the requested account, if there is one. After a denial or a revocation it comes
/// again when a new request may have an effect: until then the request waits, as it says.
/// </summary>
[MessageIdentity("Practice.PatientPortal.Features.Portal.FindAskedAccount")] // its name in messages already stored
public sealed record FindRequestedAccount(Guid GrantId, Guid RequesterId) : Message, IForPerson
{
    Guid IForPerson.UserId => RequesterId;
}

public static class FindRequestedAccountHandler
{
    public static async Task Handle(
        FindRequestedAccount requested,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var email = await db
            .Grants.Where(grant => grant.Id == requested.GrantId)
            .Select(grant => grant.RequestedEmail)
            .SingleOrDefaultAsync(ct);
        if (
            email is null
            || await bus.FindConfirmedAccountAsync(email, ct) is not { } holder
            || holder.UserId == requested.RequesterId
            || await db.FindOwnAccountAsync(holder.UserId, ct) is not { } accountId
        )
            return;

        using var inAccount = work.ActInAccount(accountId);
        var account = (await db.LockAccountAsync(accountId, ct))!;
        if (
            await db.LockGrantAsync(requested.GrantId, ct) is not { Status: GrantStatus.Pending, AccountId: null } grant
        )
            return;

        var now = clock.GetUtcNow();
        var earlier = await db
            .Grants.Where(other => other.AccountId == accountId && other.UserId == requested.RequesterId)
            .ToListAsync(ct);
        // A request without effect stays and looks like any other. Otherwise the requester could tell two addresses of
        // one account from two accounts.
        if (grant.HasExpired(now) || earlier.Exists(other => other.IsOpen(now) && !other.VisibleToRequester))
            return;
        if (earlier.Where(other => other.BlocksNewRequests(now)).Max(other => other.DeniedAt) is { } denied)
        {
            await messages.ScheduleAsync(requested, denied + Grant.WaitingPeriod - now);
            return;
        }

        if (earlier.Exists(other => other.GivesAccess(PortalDays.Today(now, account.TimeZone))))
        {
            db.Grants.Remove(grant); // the requester has access already, and knows
            await db.SaveChangesAsync(ct);
            return;
        }

        // A request that was withdrawn today stays and counts for the daily limit, like one that found no account.
        db.Grants.RemoveRange(
            earlier.Where(other =>
                other.Status != GrantStatus.Withdrawn || other.RequestedAt <= now - Grant.LimitPeriod
            )
        );
        grant.LinkTo(account);
        await db.SaveChangesAsync(ct);
        await messages.PublishAsync(
            new PortalAccessRequested(
                accountId,
                grant.Id,
                holder.UserId,
                account.Name,
                grant.UserName,
                grant.UserEmail,
                grant.Role,
                grant.UserId
            )
        );
    }
}
