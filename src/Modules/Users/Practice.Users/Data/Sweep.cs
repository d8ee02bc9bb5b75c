using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Practice.Users.Domain;

namespace Practice.Users.Data;

/// <summary>
/// Forgets, every hour, what has had its time: anybody can have these rows made without an account, and nobody comes back
/// for them. Each statement may run on several hosts at once.
/// </summary>
internal sealed partial class Sweep(IServiceScopeFactory scopes, TimeProvider clock, ILogger<Sweep> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>A link that is followed too late is told so; after this time it is only unknown.</summary>
    private static readonly TimeSpan LinkMemory = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDbContext>();
        var now = clock.GetUtcNow();
        await db.SignInAttempts.Where(attempts => attempts.LastAt < now - SignInAttempts.Memory).ExecuteDeleteAsync(ct);
        await db.AskedMails.Where(mail => mail.SentAt < now - AskedMail.Window).ExecuteDeleteAsync(ct);
        await db.Links.Where(link => link.ExpiresAt < now - LinkMemory).ExecuteDeleteAsync(ct);
        await db.EmailChanges.Where(change => change.CreatedAt < now - LinkMemory).ExecuteDeleteAsync(ct);
        await db.RefreshTokens.Where(token => token.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(session => session.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.Database.ExecuteSqlAsync($"select authority.forget_expired_sessions()", ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (
            await timer
                .WaitForNextTickAsync(stoppingToken)
                .AsTask()
                .ContinueWith(tick => tick is { IsCompletedSuccessfully: true, Result: true }, TaskScheduler.Default)
        )
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception away) when (away is NpgsqlException or OperationCanceledException)
            {
                LogAway(away);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "What has had its time could not be forgotten; it will be in an hour.")]
    private partial void LogAway(Exception away);
}
