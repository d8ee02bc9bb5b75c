using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class Preferences
{
    /// <summary>The person's choices to be changed, made where there are none yet; the account is locked, so that two at once don't both make them.</summary>
    public static async Task<MailPreferences?> LockMailPreferencesAsync(
        this UsersDbContext db,
        Guid accountId,
        CancellationToken ct
    )
    {
        if (await db.LockAccountAsync(accountId, ct) is null)
            return null;
        if (
            await db.MailPreferences.SingleOrDefaultAsync(preferences => preferences.AccountId == accountId, ct) is
            { } chosen
        )
            return chosen;
        return db.MailPreferences.Add(MailPreferences.Of(accountId)).Entity;
    }
}
