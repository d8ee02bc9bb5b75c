using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class MailPreferencesQueries
{
    /// <summary>
    /// The person's preferences, to be changed; new ones if none are stored. The account is locked, so that two
    /// requests do not both create them. Null if there is no such account.
    /// </summary>
    public static async Task<MailPreferences?> LockMailPreferencesAsync(
        this UsersDbContext db,
        Guid accountId,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(accountId, ct) is null)
            return null;
        var chosen = await db.MailPreferences.SingleOrDefaultAsync(
            preferences => preferences.AccountId == accountId,
            ct
        );
        return chosen ?? db.MailPreferences.Add(MailPreferences.Of(accountId)).Entity;
    }
}
