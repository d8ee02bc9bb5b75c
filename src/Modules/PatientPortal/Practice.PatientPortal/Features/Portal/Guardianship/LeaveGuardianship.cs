using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>A guardian gives up the guardianship. The last one stays until there is another.</summary>
public sealed record LeaveGuardianship(Guid AccountId) : Message, ICommand<Success>;

internal sealed class LeaveGuardianshipEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) =>
        app.MapPost("/api/portal/guardianships/{accountId:guid}/leave", Post)
            .RequireAccount(holder: true)
            .WithName(nameof(LeaveGuardianship))
            .WithTags("Portal accounts")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> Post(Guid accountId, IModuleBus bus, CancellationToken ct) =>
        (await bus.SendAsync(new LeaveGuardianship(accountId), ct)).ToHttp(() => Results.NoContent());
}

public static class LeaveGuardianshipHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        LeaveGuardianship command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (account, now) = ((await db.LockAccountAsync(command.AccountId, ct))!, clock.GetUtcNow());
        var guardians = await db
            .Guardians.Where(guardian => guardian.AccountId == account.Id && guardian.EndedAt == null)
            .ToListAsync(ct);
        if (guardians.Find(guardian => guardian.UserId == work.Caller.Person) is not { } leaving)
            return account.IsDependant ? CommonErrors.NotFound : PortalErrors.NotADependant;
        if (guardians.Count == 1)
            return PortalErrors.LastGuardian;

        leaving.End(now);
        await db.RecalculateAccessAsync(account, options.Value, ct);
        work.Audit(PortalAudit.GuardianLeft, account.Id, null);
        return Result.Success;
    }
}
