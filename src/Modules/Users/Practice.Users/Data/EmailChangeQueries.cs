using Microsoft.EntityFrameworkCore;

namespace Practice.Users.Data;

internal static class EmailChangeQueries
{
    /// <summary>Cancels the pending change of the account's email, if there is one.</summary>
    public static Task CancelEmailChangeAsync(this UsersDbContext db, Guid accountId, CancellationToken ct) =>
        db.EmailChanges.Where(change => change.AccountId == accountId).ExecuteDeleteAsync(ct);
}
