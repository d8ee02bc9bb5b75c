using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>
/// Asks for access to somebody's account. Answered before anybody has looked whether there is one: that is left to
/// <see cref="FindAskedAccount"/>, and nothing tells the caller what it found. Repeating a pending request does nothing.
/// </summary>
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
    private const int MostADay = 20;

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

        var (person, now) = (
            (await bus.QueryAsync(new FindAccount(work.Caller.Person), ct)).Account!,
            clock.GetUtcNow()
        );
        var asked = EmailAddress.Normalize(read.Value.Email!);
        if (asked == EmailAddress.Normalize(person.Email))
            return PortalErrors.OwnAccount;

        await db.LockPersonAsync(person.UserId, ct);
        var earlier = await db
            .Grants.Where(grant => grant.UserId == person.UserId && grant.NormalizedAskedEmail == asked)
            .ToListAsync(ct);
        if (earlier.Exists(grant => grant.LooksPending(now)))
            return Result.Success;
        var today = now - Grant.ADay;
        if (
            await db.Grants.CountAsync(
                grant => grant.UserId == person.UserId && grant.AskedEmail != null && grant.RequestedAt > today,
                ct
            ) >= MostADay
        )
            return PortalErrors.TooManyRequests;

        if (earlier.Find(grant => grant.HasLapsed(now)) is { } lapsed)
        {
            db.Grants.Remove(lapsed);
            await db.SaveChangesAsync(ct); // first the lapsed one goes: there may be one pending at a time
        }

        var grant = Grant.Ask(
            person.UserId,
            $"{person.FirstName} {person.LastName}",
            person.Email,
            read.Value.Email!,
            read.Value.Role!.Value,
            now
        );
        db.Grants.Add(grant);
        work.Audit(PortalAudit.AccessRequested, grant.Id, null);
        await messages.PublishAsync(new FindAskedAccount(grant.Id, person.UserId));
        return Result.Success;
    }
}

/// <summary>Brings a request before the holder of the account that it asks for, if there is one and no earlier answer stands against it.</summary>
public sealed record FindAskedAccount(Guid GrantId, Guid RequesterId) : Message, IForPerson
{
    Guid IForPerson.UserId => RequesterId;
}

public static class FindAskedAccountHandler
{
    public static async Task Handle(
        FindAskedAccount asked,
        PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var email = await db
            .Grants.Where(grant => grant.Id == asked.GrantId)
            .Select(grant => grant.AskedEmail)
            .SingleOrDefaultAsync(ct);
        if (
            email is null
            || (await bus.QueryAsync(new FindAccountByEmail(email), ct)).Account is not { EmailConfirmed: true } holder
            || holder.UserId == asked.RequesterId
            || await db.FindOwnAccountAsync(holder.UserId, ct) is not { } accountId
        )
            return;

        using var inAccount = work.ActInAccount(accountId);
        var account = (await db.LockAccountAsync(accountId, ct))!;
        if (await db.LockGrantAsync(asked.GrantId, ct) is not { Status: GrantStatus.Pending, AccountId: null } grant)
            return;

        var now = clock.GetUtcNow();
        var earlier = await db
            .Grants.Where(other => other.AccountId == accountId && other.UserId == asked.RequesterId)
            .ToListAsync(ct);
        if (earlier.Exists(other => other.CoolsDown(now) || (other.IsOpen(now) && !other.ShownToRequester)))
            return; // it stays as it is, which looks like any other: two addresses of one account must not be told apart from two accounts
        if (earlier.Exists(other => other.IsOpen(now)))
        {
            db.Grants.Remove(grant);
            await db.SaveChangesAsync(ct); // there is one between the two already, and its person knows of it
            return;
        }

        // What was taken back today stays, and counts among the requests of a day, as one does that has found nobody.
        db.Grants.RemoveRange(
            earlier.Where(other => other.Status != GrantStatus.Withdrawn || other.RequestedAt <= now - Grant.ADay)
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
                grant.Role == PortalRole.Edit ? "edit" : "view"
            )
        );
    }
}
