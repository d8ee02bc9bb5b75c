using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class PasskeyQueries
{
    /// <summary>Whether the person can add no more. The caller has locked the account.</summary>
    public static async Task<bool> HasAllPasskeysAsync(this UsersDbContext db, Guid accountId, CancellationToken ct) =>
        await db.Passkeys.CountAsync(passkey => passkey.UserId == accountId, ct) >= Passkey.MaxPerPerson;

    /// <summary>Removes what was set up before the person took the account over.</summary>
    public static async Task RemovePasskeysAsync(this UsersDbContext db, Guid accountId, CancellationToken ct)
    {
        await db.PasskeyAttempts.Where(attempt => attempt.AccountId == accountId).ExecuteDeleteAsync(ct);
        await db.Passkeys.Where(passkey => passkey.UserId == accountId).ExecuteDeleteAsync(ct);
    }
}
