using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Accounts;
using Practice.PatientPortal.Domain.Grants;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>
/// A guardian gives up the guardianship, also when it opens nothing any more. The access that they gave ends with it.
/// The last one who sees the account stays until there is another.
/// </summary>
public sealed record LeaveGuardianship(Guid AccountId) : Message, ICommand<Success>;

internal sealed class LeaveGuardianshipEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/guardianships/{id:guid}/leave", Post)
            .RequirePortal()
            .WithName(nameof(LeaveGuardianship))
            .WithTags("Portal accounts")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <param name="id">The dependant's account.</param>
    private static async Task<IResult> Post(Guid id, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new LeaveGuardianship(id), ct)).ToHttp(() => Results.NoContent());
}

public static class LeaveGuardianshipHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        LeaveGuardianship command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var (me, id, now) = (work.Caller.Person, command.AccountId, clock.GetUtcNow());
        if (!await db.IsGuardianAsync(id, me, ct))
            return CommonErrors.NotFound;

        using var inAccount = work.ActInAccount(id);
        var account = (await db.LockAccountAsync(id, ct))!;
        var guardians = await db.Guardians.Where(g => g.AccountId == id && g.EndedAt == null).ToListAsync(ct);
        if (guardians.Find(guardian => guardian.UserId == me) is not { } leaving)
            return CommonErrors.NotFound; // left at this moment
        var seeing = guardians.Where(guardian => guardian.EndsAt(account, options.Value) > now).ToList();
        if (seeing is [var last] && last == leaving)
            return PortalErrors.LastGuardian;

        leaving.End(now);
        await EndGivenAsync(db, work, account, me, PortalDays.Today(now, account.TimeZone), messages, ct);
        await db.SaveChangesAsync(ct);
        await db
            .GuardianshipRequests.Where(asked => asked.AccountId == id && asked.AskedById == me)
            .ExecuteDeleteAsync(ct);
        await db.RecalculateAccessAsync(account, options.Value, ct);
        work.Audit(PortalAudit.GuardianLeft, account.Id, null);
        await db.SaveChangesAsync(ct);
        return Result.Success;
    }

    /// <summary>
    /// Nobody answers for what they gave any more. Another guardian can give the same access again.
    /// </summary>
    private static async Task EndGivenAsync(
        PatientPortalDbContext db,
        UnitOfWork work,
        PortalAccount account,
        Guid guardianId,
        DateOnly today,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        var given = db.Grants.Where(grant =>
            grant.AccountId == account.Id && grant.GivenById == guardianId && grant.Status == GrantStatus.Current
        );
        foreach (var grant in await given.ToListAsync(ct))
        {
            var before = grant.StatusOn(today);
            grant.End();
            work.AuditDecision(account, grant);
            if (GrantNotifications.For(account, grant, before) is { } notification)
                await messages.PublishAsync(notification);
        }
    }
}
