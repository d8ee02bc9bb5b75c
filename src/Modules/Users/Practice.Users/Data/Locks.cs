using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

/// <summary>What two requests at once must not both decide. Held until the transaction ends.</summary>
internal static class Locks
{
    /// <summary>Everything that decides which account an email stands for takes this first.</summary>
    public static Task LockEmailAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({normalizedEmail}, 0))", ct);

    /// <summary>The failures counted for an email, as long as we look at them or change them; the last lock to be taken.</summary>
    public static Task LockAttemptsOfAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({normalizedEmail}, 1))", ct);

    /// <summary>The mails counted for an email.</summary>
    public static Task LockPostageAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({normalizedEmail}, 2))", ct);

    /// <summary>
    /// The account, for us alone. Everything that changes credentials, or opens or ends sessions, takes it first: so no
    /// session is opened with a password that is being changed.
    /// </summary>
    public static Task<Account?> LockAccountAsync(this UsersDbContext db, Guid accountId, CancellationToken ct) =>
        db
            .Accounts.FromSql($"select *, xmin from users.accounts where id = {accountId} for update")
            .SingleOrDefaultAsync(ct);
}
