using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Domain;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Data;

internal static class EmailChangeQueries
{
    /// <summary>Cancels the pending change of the account's email, if there is one.</summary>
    public static Task CancelEmailChangeAsync(this UsersDbContext db, Guid accountId, CancellationToken ct) =>
        db.EmailChanges.Where(change => change.AccountId == accountId).ExecuteDeleteAsync(ct);

    /// <summary>
    /// The change that the link is for takes effect. Anybody can ask for anybody's address, so the link alone is not
    /// enough: its account's own person must agree.
    /// </summary>
    /// <param name="whyNot">Why that is not certain of this account; null if it is.</param>
    public static async Task<ErrorOr<Account>> ChangeEmailAsync(
        this UsersDbContext db,
        Link link,
        Func<Account, Error?> whyNot,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var requested = await db
            .EmailChanges.AsNoTracking()
            .SingleOrDefaultAsync(change => change.Id == link.SubjectId, ct);
        if (requested is null)
            return LinkErrors.Expired;

        // If two people change to one email at once, the second waits here and then finds it taken.
        await db.LockEmailAsync(requested.NormalizedEmail, ct);
        var account = await db.LockAccountAsync(requested.AccountId, ct);
        var change = await db.EmailChanges.SingleOrDefaultAsync(change => change.Id == link.SubjectId, ct);
        if (account is null || change is null)
            return LinkErrors.Expired;
        if (whyNot(account) is { } refused)
            return refused;
        if (
            await db.Accounts.AnyAsync(
                other => other.NormalizedEmail == change.NormalizedEmail && other.Id != account.Id,
                ct
            )
        )
            return LinkErrors.Expired;

        account.ChangeEmail(change);
        work.KeepTwoFactor(account); // the reader of the old mailbox asked for its end
        db.EmailChanges.Remove(change);
        await db
            .PendingSignUps.Where(signUp => signUp.NormalizedEmail == change.NormalizedEmail)
            .ExecuteDeleteAsync(ct);
        await db.UseLinksAsync(change.Id, now, purpose: null, ct);
        // sent to the old address, which may belong to someone else tomorrow
        await db.UseEveryLinkAsync(account.Id, now, ct);
        await messages.PublishAsync(
            new AccountChanged(account.Id, account.Email!, account.Title, account.FirstName, account.LastName)
        );
        work.Audit(UserAudit.EmailChanged, account.Id, null, by: account.Id);
        return account;
    }
}
