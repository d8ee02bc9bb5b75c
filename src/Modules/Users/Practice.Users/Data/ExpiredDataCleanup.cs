using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Practice.Shared.Hosting;
using Practice.Shared.Persistence;
using Practice.Users.Domain;
using Practice.Users.TwoFactor;

namespace Practice.Users.Data;

/// <summary>
/// Deletes expired rows every hour: anyone can cause most of them without an account, and nothing else removes them.
/// Encrypts the authenticator keys of earlier releases. It may run on several hosts at once.
/// </summary>
internal sealed partial class ExpiredDataCleanup(
    IServiceScopeFactory scopes,
    EncryptionKeys keys,
    TimeProvider clock,
    ILogger<ExpiredDataCleanup> log
) : HourlyTask(clock)
{
    /// <summary>Within this time after its end a link answers "expired"; later it is unknown.</summary>
    private static readonly TimeSpan LinkRetention = TimeSpan.FromDays(30);

    private static readonly TimeSpan NotificationRetention = TimeSpan.FromDays(365);

    public override async Task RunAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDbContext>();
        var now = Clock.GetUtcNow();
        await db
            .SignInAttempts.Where(attempts =>
                attempts.LastAt < now - SignInAttempts.Retention
                && (attempts.SucceededAt == null || attempts.SucceededAt < now - SignInAttempts.KnownFor)
            )
            .ExecuteDeleteAsync(ct);
        await db.PendingSignUps.Where(old => old.CreatedAt < now - PendingSignUp.Retention).ExecuteDeleteAsync(ct);
        await db.RequestedEmails.Where(RequestedEmail.IsOver(now)).ExecuteDeleteAsync(ct);
        await db.Links.Where(link => link.ExpiresAt < now - LinkRetention).ExecuteDeleteAsync(ct);
        await db.EmailChanges.Where(change => change.CreatedAt < now - LinkRetention).ExecuteDeleteAsync(ct);
        await db.PasskeyAttempts.Where(attempt => attempt.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.ProviderAttempts.Where(attempt => attempt.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.ProviderSignIns.Where(signIn => signIn.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.RefreshTokens.Where(token => token.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.Sessions.Where(session => session.ExpiresAt < now).ExecuteDeleteAsync(ct);
        await db.AddressCounts.Where(count => count.Since < now - AddressCount.Window).ExecuteDeleteAsync(ct);
        await db.KnownDevices.Where(device => device.LastAt < now - KnownDevice.Retention).ExecuteDeleteAsync(ct);
        // An id begins with the time: the oldest are found without an index on the time.
        var last = Guid.CreateVersion7(now - NotificationRetention);
        await db.Database.ExecuteSqlAsync(
            $"delete from users.notifications where id < {last} and created_at < {now - NotificationRetention}",
            ct
        );
        await db.Database.ExecuteSqlAsync($"select authority.forget_expired_sessions()", ct);
        await AccountStore.EncryptKeysAsync(db, keys, ct);
    }

    protected override void OnFailure(Exception failure) => LogFailure(failure);

    [LoggerMessage(
        LogLevel.Warning,
        "Could not delete expired sessions, sign-ups, links, sign-in attempts and notifications; retrying in 1 h."
    )]
    private partial void LogFailure(Exception failure);
}
