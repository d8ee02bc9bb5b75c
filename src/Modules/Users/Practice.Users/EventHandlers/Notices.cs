using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.EventHandlers;

internal static class Notices
{
    /// <summary>
    /// The person to be told, unless they were already. The message's own id is the source: it is the same however often
    /// the message is tried, and another one the next time that the same happens to the same person.
    /// </summary>
    public static async Task<Account?> FindUntoldAsync(
        this UsersDbContext db,
        Guid accountId,
        string source,
        CancellationToken ct
    ) =>
        await db.Notifications.AnyAsync(told => told.AccountId == accountId && told.Source == source, ct)
            ? null
            : await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == accountId, ct);
}
