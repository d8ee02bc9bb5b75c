using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>
/// The holder opens the account to a person by email, without having been asked. Whether the address has an account is looked up
/// after the answer; where it has none, the grant waits for whoever proves it.
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
    private const int MostADay = 20;

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
        var (account, now) = ((await db.LockAccountAsync(command.AccountId, ct))!, clock.GetUtcNow());
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        var (email, role, level, endsOn) = read.Value;
        var holder = (await bus.QueryAsync(new FindAccount(work.Caller.Person), ct)).Account!;
        if (EmailAddress.Normalize(email!) == EmailAddress.Normalize(holder.Email))
            return PortalErrors.OwnAccount;
        if (endsOn < Ages.Today(now, account.TimeZone))
            return PortalErrors.EndsInPast;
        if (level == PortalLevel.Clinical && !work.Caller.Account.Clinical)
            return AuthorizationErrors.ClinicalNotGranted; // a guardian past the age gives nothing that they don't have

        var grants = await db.Grants.Where(grant => grant.AccountId == account.Id).ToListAsync(ct);
        if (grants.Count(grant => grant.AskedRole is null && grant.RequestedAt > now - Grant.ADay) >= MostADay)
            return PortalErrors.TooManyRequests;

        // An open one is changed, and a request from that address is approved with it: there is never a second between the two.
        var open = grants.Find(grant =>
            EmailAddress.Normalize(grant.UserEmail) == EmailAddress.Normalize(email!) && grant.IsOpen(now)
        );
        if (open is not null)
        {
            var before = open.Status;
            open.Decide(GrantStatus.Current, role!.Value, level!.Value, endsOn, now);
            await db.SyncAccessAsync(account, open, options.Value, ct);
            await messages.TellAsync(account, open, before);
            if (open.UserId is { } userId)
                await db.ForgetRequestsWithoutEffectAsync(work, bus, account, userId, ct);
        }
        else
        {
            db.Grants.Add(open = Grant.Offer(account, email!, role!.Value, level!.Value, endsOn, now));
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

/// <summary>Finds whom a grant is for. Only somebody who has proved the address is let in.</summary>
public sealed record FindGrantee(Guid AccountId, Guid GrantId) : Message, IInAccount;

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
        var account = (await db.LockAccountAsync(wanted.AccountId, ct))!;
        if (await db.LockGrantAsync(wanted.GrantId, ct) is not { UserId: null } grant)
            return;

        var email = grant.UserEmail;
        if ((await bus.QueryAsync(new FindAccountByEmail(email), ct)).Account is { EmailConfirmed: true } person)
        {
            await db.GiveToAsync(account, grant, person, options.Value, clock.GetUtcNow(), messages, ct);
            await db.ForgetRequestsWithoutEffectAsync(work, bus, account, person.UserId, ct);
            return;
        }

        db.Offers.Add(
            new Offer
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                NormalizedEmail = EmailAddress.Normalize(email),
                AccountId = account.Id,
                GrantId = grant.Id,
                OfferedAt = clock.GetUtcNow(),
            }
        );
        await messages.PublishAsync(new PortalAccessOffered(account.Id, grant.Id, email, account.Name));
    }
}

internal static class Giving
{
    /// <summary>The grant has found its person. Of two between the same people, the newer offer holds.</summary>
    public static async Task GiveToAsync(
        this PatientPortalDbContext db,
        PortalAccount account,
        Grant grant,
        AccountFacts person,
        PortalOptions options,
        DateTimeOffset now,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (account.UserId == person.UserId)
        {
            db.Grants.Remove(grant);
            return;
        }

        var others = await db
            .Grants.Where(other =>
                other.AccountId == account.Id && other.UserId == person.UserId && other.Id != grant.Id
            )
            .ToListAsync(ct);
        db.Grants.RemoveRange(others);
        grant.BelongTo(person.UserId, $"{person.FirstName} {person.LastName}");
        await db.SyncAccessAsync(account, grant, options, ct);
        if (grant.Status == GrantStatus.Current)
            await messages.TellAsync(
                account,
                grant,
                others.Exists(other => other.IsOpen(now) && other.Status == GrantStatus.Current)
                    ? GrantStatus.Current
                    : GrantStatus.Pending
            );
    }
}
