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

    /// <summary>Nobody waits for it, and what it does not get done would be more in an hour.</summary>
    private static readonly TimeSpan MaxDeletionTime = TimeSpan.FromMinutes(10);

    /// <summary>Of what there is much of, so many rows are deleted in one transaction.</summary>
    private const int Portion = 10_000;

    /// <summary>One that fails keeps none of the others back.</summary>
    public override async Task RunAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDbContext>();
        db.Database.SetCommandTimeout(MaxDeletionTime);
        var failed = new List<(string What, Exception Why)>();
        foreach (var (what, delete) in Deletions(db, Clock.GetUtcNow(), ct))
            try
            {
                await delete();
            }
            catch (Exception failure) when (!ct.IsCancellationRequested)
            {
                failed.Add((what, failure));
            }

        if (failed.Count > 0)
            LogFailedDeletions(string.Join(", ", failed.Select(one => one.What)), failed[0].Why);
        await AccountStore.EncryptKeysAsync(db, keys, ct);
    }

    private static IEnumerable<(string What, Func<Task> Delete)> Deletions(
        UsersDbContext db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var attempts = db
            .SignInAttempts.Where(old => old.LastAt < now - SignInAttempts.Retention)
            .Where(old => old.SucceededAt == null || old.SucceededAt < now - SignInAttempts.KnownFor);
        yield return ("sign-in attempts", Of(attempts));
        yield return ("sign-ups", Of(db.PendingSignUps.Where(old => old.CreatedAt < now - PendingSignUp.Retention)));
        yield return ("requested emails", Of(db.RequestedEmails.Where(RequestedEmail.IsOver(now))));
        yield return ("links", Of(db.Links.Where(link => link.ExpiresAt < now - LinkRetention)));
        yield return ("changes of email", Of(db.EmailChanges.Where(old => old.CreatedAt < now - LinkRetention)));
        yield return ("passkey attempts", Of(db.PasskeyAttempts.Where(attempt => attempt.ExpiresAt < now)));
        yield return ("provider attempts", Of(db.ProviderAttempts.Where(attempt => attempt.ExpiresAt < now)));
        yield return ("provider sign-ins", Of(db.ProviderSignIns.Where(signIn => signIn.ExpiresAt < now)));
        yield return ("used codes", Of(db.UsedCodes.Where(old => old.UsedAt < now - SecondFactor.CodeLifetime)));
        yield return ("refresh tokens", InPortions(db.RefreshTokens.Where(token => token.ExpiresAt < now)));
        yield return ("sessions", Of(db.Sessions.Where(session => session.ExpiresAt < now)));
        yield return ("counts of addresses", Of(db.AddressCounts.Where(old => old.Since < now - AddressCount.Window)));
        yield return ("known devices", Of(db.KnownDevices.Where(old => old.LastAt < now - KnownDevice.Retention)));
        // An id begins with the time: the oldest are found without an index on the time.
        var (last, before) = (Guid.CreateVersion7(now - NotificationRetention), now - NotificationRetention);
        yield return ("notifications", () =>
            db.Database.ExecuteSqlAsync(
                $"delete from users.notifications where id < {last} and created_at < {before}",
                ct
            )
        );
        yield return ("sign-in attempts of release 0.1", () =>
            db.Database.ExecuteSqlAsync($"delete from users.sign_in_attempts", ct)
        );
        yield return ("sessions of the authority", () =>
            db.Database.ExecuteSqlAsync($"select authority.forget_expired_sessions()", ct)
        );

        Func<Task> Of<T>(IQueryable<T> rows) => () => rows.ExecuteDeleteAsync(ct);

        // There is one for each quarter of an hour that somebody works. What is deleted stays so if the rest fails.
        Func<Task> InPortions(IQueryable<RefreshToken> tokens) =>
            async () =>
            {
                var oldest = tokens.OrderBy(token => token.ExpiresAt).Take(Portion);
                while (await oldest.ExecuteDeleteAsync(ct) == Portion) { }
            };
    }

    protected override void OnFailure(Exception failure) => LogFailure(failure);

    [LoggerMessage(LogLevel.Warning, "Could not encrypt authenticator keys of earlier releases; retrying in 1 h.")]
    private partial void LogFailure(Exception failure);

    [LoggerMessage(LogLevel.Warning, "Could not delete expired {What}; retrying in 1 h.")]
    private partial void LogFailedDeletions(string what, Exception first);
}
