using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class AccountFactsQueries
{
    /// <summary>What other modules may know of the accounts.</summary>
    public static IQueryable<AccountFacts> FindFacts(
        this UsersDbContext db,
        Expression<Func<Account, bool>> predicate
    ) =>
        db
            .Accounts.AsNoTracking()
            .Where(predicate)
            .Select(account => new AccountFacts(
                account.Id,
                account.Email!,
                account.EmailConfirmed,
                account.Title,
                account.FirstName,
                account.LastName,
                // A host of the release before does not record the first sign-in.
                account.FirstSignedInAt != null
                    || db.Sessions.Any(session => session.AccountId == account.Id)
            ));
}
