using Microsoft.EntityFrameworkCore;
using Practice.Shared.Persistence;
using Practice.Users.Domain;

namespace Practice.Users.Data;

/// <summary>
/// Locks for what two requests must not decide at the same time. Each is held until the transaction ends.
/// </summary>
internal static class Locks
{
    /// <summary>Taken first by everything that decides which account an email belongs to.</summary>
    public static Task LockEmailAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.Email, normalizedEmail, ct);

    /// <summary>
    /// As <see cref="LockEmailAsync"/>. Always in the same order, so that two calls never wait for each other.
    /// </summary>
    public static Task LockEmailsAsync(
        this UsersDbContext db,
        IReadOnlyList<string> normalizedEmails,
        CancellationToken ct
    ) =>
        db.Database.ExecuteSqlAsync(
            $"""
            select pg_advisory_xact_lock(key) from (
                select hashtextextended(email, {AdvisoryLocks.Email}) as key
                from unnest({normalizedEmails.ToArray()}) as email order by 1 offset 0) as ordered
            """,
            ct
        );

    /// <summary>
    /// The email's failure count. Taken after the account; only rows that this attempt changes are locked later.
    /// </summary>
    public static Task LockAttemptsOfAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.SignInAttempts, normalizedEmail, ct);

    /// <summary>The emails counted for an address.</summary>
    public static Task LockRequestedEmailsAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.RequestedEmails, normalizedEmail, ct);

    /// <summary>A credential that is being added as a passkey.</summary>
    public static Task LockPasskeyAsync(this UsersDbContext db, byte[] credentialId, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.Passkey, Convert.ToHexStringLower(credentialId), ct);

    /// <summary>
    /// A person at an identity provider who is being connected with an account. Taken after the account.
    /// </summary>
    public static Task LockProviderSubjectAsync(
        this UsersDbContext db,
        string issuer,
        string subject,
        CancellationToken ct
    ) => db.TakeLockAsync(AdvisoryLocks.ProviderSubject, $"{issuer} {subject}", ct);

    /// <summary>
    /// The notifications of several people about one thing: its news may be told, and be over, at the same moment.
    /// </summary>
    public static Task LockNotificationsAsync(this UsersDbContext db, string about, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.Notifications, about, ct);

    /// <summary>
    /// The account, locked. Everything that changes credentials or opens or ends sessions takes it first, so that no
    /// session is opened with a password that is being changed.
    /// </summary>
    public static Task<Account?> LockAccountAsync(this UsersDbContext db, Guid accountId, CancellationToken ct) =>
        db
            .Accounts.FromSql($"select *, xmin from users.accounts where id = {accountId} for update")
            .SingleOrDefaultAsync(ct);

    /// <summary>As <see cref="LockAccountAsync"/>, of those that exist, in the order of their ids.</summary>
    public static async Task<Dictionary<Guid, Account>> LockAccountsAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        CancellationToken ct
    ) =>
        await db
            .Accounts.FromSql(
                $"select *, xmin from users.accounts where id = any ({accountIds.ToArray()}) order by id for update"
            )
            .ToDictionaryAsync(account => account.Id, ct);
}
