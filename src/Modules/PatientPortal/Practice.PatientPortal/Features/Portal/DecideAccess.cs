using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.Contracts.PatientPortal;
using Practice.Contracts.Users;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>The holder grants, denies or revokes, and says how far it goes and until when. It counts with the very next request.</summary>
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
    }
}

/// <summary>A person accessing the account, as its holder sees them.</summary>
/// <param name="Name">Null where the holder has typed the address and the person has not asked.</param>
internal sealed record GrantView(
    Guid GrantId,
    string? Name,
    string Email,
    PortalRole Role,
    PortalLevel Level,
    GrantStatus Status,
    DateTimeOffset RequestedAt,
    DateOnly? EndsOn
)
{
    /// <summary>Past its last day a grant lets nobody in, and so is shown as disabled.</summary>
    public static GrantView Of(Grant grant, DateOnly today) =>
        new(
            grant.Id,
            grant.AskedRole is null ? null : grant.UserName,
            grant.UserEmail,
            grant.Role,
            grant.Level,
            grant.Status == GrantStatus.Current && grant.EndsOn < today ? GrantStatus.Disabled : grant.Status,
            grant.RequestedAt,
            grant.EndsOn
        );
}

internal sealed class DecideAccessEndpoint : ICarterModule
{
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
            .WithTags("Portal access")
            .Produces<GrantView>()
            .ProducesProblem(StatusCodes.Status404NotFound);
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

        var lapsed = clock.GetUtcNow() - Grant.Patience;
        var grants = db
            .Grants.AsNoTracking()
            .Where(grant =>
                grant.AccountId == accountId
                && grant.Status != GrantStatus.Withdrawn
                && (grant.Status != GrantStatus.Pending || grant.RequestedAt > lapsed)
            );
        if (after.Value is { } last)
            grants = grants.Where(grant => grant.Id < last);
        var rows = await grants
            .OrderByDescending(grant => grant.Id)
            .Take(paging.Limit + 1)
            .Select(grant => new
            {
                Grant = grant,
                Zone = db.Accounts.Single(account => account.Id == accountId).TimeZone,
            })
            .ToListAsync(ct);
        return Results.Ok(
            paging.Page(
                rows,
                row => GrantView.Of(row.Grant, Ages.Today(clock.GetUtcNow(), row.Zone)),
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
            .Select(grant => new
            {
                Grant = grant,
                Zone = db.Accounts.Single(account => account.Id == accountId).TimeZone,
            })
            .SingleOrDefaultAsync(ct);
        return found is null || found.Grant.HasLapsed(clock.GetUtcNow())
            ? CommonErrors.NotFound.ToProblem()
            : ETags.Ok(http, GrantView.Of(found.Grant, Ages.Today(clock.GetUtcNow(), found.Zone)), found.Grant.Version);
    }

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
        var (account, now) = ((await db.LockAccountAsync(command.AccountId, ct))!, clock.GetUtcNow());
        var grant = await db.LockGrantAsync(command.GrantId, ct);
        if (
            grant is null
            || grant.AccountId != account.Id
            || grant.Status == GrantStatus.Withdrawn
            || grant.HasLapsed(now)
        )
            return CommonErrors.NotFound;
        if (command.Body.Read() is var read && read.IsError)
            return read.Errors;
        if (ETags.Refuse(command.IfMatch, grant.Version) is { } stale)
            return stale;

        var ((status, role, level, endsOn), before) = (read.Value, grant.Status);
        if (status == GrantStatus.Current && endsOn < Ages.Today(now, account.TimeZone))
            return PortalErrors.EndsInPast;
        if (status == GrantStatus.Current && level == PortalLevel.Clinical && !work.Caller.Account.Clinical)
            return AuthorizationErrors.ClinicalNotGranted; // a guardian past the age gives nothing that they don't have
        if (!grant.Decide(status!.Value, role!.Value, level!.Value, endsOn, now))
            return PortalErrors.InvalidTransition;

        await db.SyncAccessAsync(account, grant, options.Value, ct);
        work.Audit(
            PortalAudit.AccessDecided,
            account.Id,
            null,
            new
            {
                grant.Id,
                grant.UserId,
                grant.Status,
                grant.Role,
                grant.Level,
                grant.EndsOn,
            }
        );
        await messages.TellAsync(account, grant, before);
        if (grant is { Status: GrantStatus.Current, UserId: { } userId })
            await db.ForgetRequestsWithoutEffectAsync(work, bus, account, userId, ct);
        return Result.Success;
    }
}

internal static class GrantNews
{
    /// <summary>
    /// Whoever is let in has nothing to wait for: what they asked for while an earlier answer stood against it goes. It belongs to
    /// no account, and so is theirs alone.
    /// </summary>
    public static async Task ForgetRequestsWithoutEffectAsync(
        this PatientPortalDbContext db,
        UnitOfWork work,
        IModuleBus bus,
        PortalAccount account,
        Guid userId,
        CancellationToken ct
    )
    {
        if (account.UserId is not { } holderId)
            return;
        var email = EmailAddress.Normalize((await bus.QueryAsync(new FindAccount(holderId), ct)).Account!.Email);
        await db.SaveChangesAsync(ct);
        using var asPerson = work.ActForPerson(userId);
        await db
            .Grants.Where(grant =>
                grant.UserId == userId && grant.AccountId == null && grant.NormalizedAskedEmail == email
            )
            .ExecuteDeleteAsync(ct);
    }

    /// <summary>Tells the one whom a grant is for what they may know: that they may come in, or may no more.</summary>
    public static async Task TellAsync(
        this IMessageContext messages,
        PortalAccount account,
        Grant grant,
        GrantStatus before
    )
    {
        if (grant.UserId is not { } userId || before == grant.Status)
            return;
        if (grant.Status == GrantStatus.Current)
            await messages.PublishAsync(
                new PortalAccessGranted(
                    account.Id,
                    grant.Id,
                    userId,
                    account.Name,
                    grant.Role == PortalRole.Edit ? "edit" : "view",
                    grant.Level == PortalLevel.Clinical ? "clinical" : "administrative"
                )
            );
        else if (before == GrantStatus.Current)
            await messages.PublishAsync(new PortalAccessRevoked(account.Id, grant.Id, userId, account.Name));
    }
}
