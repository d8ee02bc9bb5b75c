using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Practice.Shared.Hosting;

namespace Practice.Groups.Data;

/// <summary>
/// Deletes each hour the lookups that no limit counts any more, and who was to be added a month ago and was not. A
/// person's next lookup deletes their old ones too, but it may never come. It may run on several hosts at once.
/// </summary>
internal sealed partial class ExpiredRowsCleanup(
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<ExpiredRowsCleanup> log
) : HourlyTask(clock)
{
    /// <summary>Nobody waits for it, and what it does not get done would be more in an hour.</summary>
    private static readonly TimeSpan MaxDeletionTime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Row-level security lets it delete lookups after a day and reservations after 30. One that fails does not keep
    /// the other back.
    /// </summary>
    public override async Task RunAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GroupsDbContext>();
        db.Database.SetCommandTimeout(MaxDeletionTime);
        try
        {
            await db.Lookups.ExecuteDeleteAsync(ct);
        }
        finally
        {
            await db.Reservations.ExecuteDeleteAsync(ct);
        }
    }

    protected override void OnFailure(Exception failure) => LogFailure(failure);

    [LoggerMessage(LogLevel.Warning, "Could not delete expired lookups and reservations; retrying in 1 h.")]
    private partial void LogFailure(Exception failure);
}
