using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Practice.PatientPortal.Domain.Guardianship;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal.Guardianship;

/// <summary>
/// Recalculates access to a dependant's account for the configured ages, and warns its guardians of the new days.
/// </summary>
public sealed record RecalculateAgeLimits(Guid AccountId) : Message, ICommand<Success>, IInAccount;

public static class RecalculateAgeLimitsHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        RecalculateAgeLimits command,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(command.AccountId, ct) is not { IsDependant: true } account)
            return Result.Success;

        var now = clock.GetUtcNow();
        await db.RecalculateAccessAsync(account, options.Value, ct);
        foreach (
            var guardian in await db
                .Guardians.Where(guardian => guardian.AccountId == account.Id && guardian.EndedAt == null)
                .ToListAsync(ct)
        )
        {
            foreach (var warning in GuardianWarnings.Overdue(account, guardian, options.Value, now))
                await messages.PublishAsync(warning);
            await messages.ScheduleAsync(GuardianWarnings.Upcoming(account, guardian, options.Value, now));
        }

        work.Audit(
            PortalAudit.AgesChanged,
            account.Id,
            null,
            new { options.Value.ClinicalAge, options.Value.AdultAge }
        );
        return Result.Success;
    }
}

/// <summary>
/// At each start, finds the accounts whose limits were calculated with other ages than the configured ones, and
/// recalculates each in a transaction of its own. After a crash the next start continues. It runs before the host
/// listens, so that no call is answered with outdated limits. If the ages have not changed, it reads once and writes
/// nothing.
/// </summary>
internal sealed partial class RecalculateAgeLimitsAtStart(
    IServiceScopeFactory scopes,
    IOptions<PortalOptions> options,
    ILogger<RecalculateAgeLimitsAtStart> log
) : IHostedService
{
    /// <summary>One host at a time. The next one finds nothing left to do.</summary>
    private const long LockKey = 0x52656367;

    private const int BatchSize = 500;

    /// <summary>How many accounts at once. More would leave no connections for other messages.</summary>
    private const int AtOnce = 4;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PatientPortalDbContext>();
        db.Database.SetCommandTimeout(TimeSpan.Zero);
        // The transaction holds the lock, but no snapshot between statements.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);

        var (ages, done) = (options.Value, 0);
        for (var batch = await NextAsync(Guid.Empty); batch.Count > 0; batch = await NextAsync(batch[^1]))
        {
            if (done == 0)
                LogStarted(ages.ClinicalAge, ages.AdultAge);
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                RecalculateAsync
            );
            done += batch.Count;
        }

        if (done > 0)
            LogDone(done);

        Task<List<Guid>> NextAsync(Guid after) =>
            db
                .Database.SqlQuery<Guid>(
                    $"""
                    select accounts as "Value"
                    from authority.accounts_by_other_ages(
                        {ages.ClinicalAge}, {ages.AdultAge}, {after}, {BatchSize}) accounts
                    """
                )
                .ToListAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async ValueTask RecalculateAsync(Guid accountId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IModuleBus>();
        await bus.InvokeAsSystemAsync(new RecalculateAgeLimits(accountId), ct);
    }

    [LoggerMessage(
        LogLevel.Information,
        "The configured ages are now {ClinicalAge} and {AdultAge}. Recalculating guardians' access before taking calls."
    )]
    private partial void LogStarted(int clinicalAge, int adultAge);

    [LoggerMessage(LogLevel.Information, "Recalculated guardians' access to {Accounts} accounts.")]
    private partial void LogDone(int accounts);
}
