using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Practice.PatientPortal.Data;
using Practice.PatientPortal.Domain;
using Wolverine;

namespace Practice.PatientPortal.Features.Portal;

/// <summary>Lets in everybody on a dependant's account anew, by the ages as they are configured now, and has guardians warned of the new days.</summary>
public sealed record ReckonAges(Guid AccountId) : Message, ICommand<Success>, IInAccount;

public static class ReckonAgesHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        ReckonAges due,
        PatientPortalDbContext db,
        UnitOfWork work,
        IOptions<PortalOptions> options,
        TimeProvider clock,
        IMessageContext messages,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(due.AccountId, ct) is not { IsDependant: true } account)
            return Result.Success;

        await db.RecalculateAccessAsync(account, options.Value, ct);
        foreach (
            var guardian in await db
                .Guardians.Where(guardian => guardian.AccountId == account.Id && guardian.EndedAt == null)
                .ToListAsync(ct)
        )
            await messages.ScheduleWarningsAsync(account, guardian, options.Value, clock.GetUtcNow(), alsoMissed: true);
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
/// Finds at each start the accounts that are reckoned by other ages than those configured now, and has each reckoned anew, in a
/// transaction of its own: what a crash leaves is found by the next start. It comes before the host listens, so that no call is
/// answered by an age that no longer counts. Where nothing has changed it reads once and writes nothing.
/// </summary>
internal sealed partial class ReckonAgesAtStart(
    IServiceScopeFactory scopes,
    IOptions<PortalOptions> options,
    ILogger<ReckonAgesAtStart> log
) : IHostedService
{
    /// <summary>One host at a time: the next finds nothing left to do.</summary>
    private const long LockKey = 0x52656367;

    private const int BatchSize = 500;

    /// <summary>As many accounts at once. More would leave no connections to the messages that are handled meanwhile.</summary>
    private const int AtOnce = 4;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PatientPortalDbContext>();
        db.Database.SetCommandTimeout(TimeSpan.Zero);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken); // holds the lock, and no snapshot between statements
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);

        var (ages, reckoned) = (options.Value, 0);
        for (var batch = await NextAsync(Guid.Empty); batch.Count > 0; batch = await NextAsync(batch[^1]))
        {
            if (reckoned == 0)
                LogBegun(ages.ClinicalAge, ages.AdultAge);
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                ReckonAsync
            );
            reckoned += batch.Count;
        }

        if (reckoned > 0)
            LogDone(reckoned);

        Task<List<Guid>> NextAsync(Guid after) =>
            db
                .Database.SqlQuery<Guid>(
                    $"select accounts as \"Value\" from authority.accounts_by_other_ages({ages.ClinicalAge}, {ages.AdultAge}, {after}, {BatchSize}) accounts"
                )
                .ToListAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async ValueTask ReckonAsync(Guid accountId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IModuleBus>().InvokeAsSystemAsync(new ReckonAges(accountId), ct);
    }

    [LoggerMessage(
        LogLevel.Information,
        "The portal's ages are {ClinicalAge} and {AdultAge} now; the accounts reckoned by others are reckoned anew before calls are taken."
    )]
    private partial void LogBegun(int clinicalAge, int adultAge);

    [LoggerMessage(LogLevel.Information, "{Accounts} accounts are reckoned by the new ages.")]
    private partial void LogDone(int accounts);
}
