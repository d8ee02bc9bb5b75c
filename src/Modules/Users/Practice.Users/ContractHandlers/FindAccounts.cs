using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.ContractHandlers;

public static class FindAccountByEmailHandler
{
    public static async Task<AccountAnswer> Handle(FindAccountByEmail query, UsersDbContext db, CancellationToken ct)
    {
        var email = EmailAddress.Normalize(query.Email);
        return await db.FindAsync(account => account.NormalizedEmail == email, ct);
    }
}

public static class FindAccountHandler
{
    public static Task<AccountAnswer> Handle(FindAccount query, UsersDbContext db, CancellationToken ct) =>
        db.FindAsync(account => account.Id == query.UserId, ct);
}

internal static class AccountAnswers
{
    public static async Task<AccountAnswer> FindAsync(
        this UsersDbContext db,
        Expression<Func<Account, bool>> which,
        CancellationToken ct
    ) =>
        new(
            await db
                .Accounts.AsNoTracking()
                .Where(which)
                .Select(account => new AccountFacts(
                    account.Id,
                    account.Email!,
                    account.EmailConfirmed,
                    account.Title,
                    account.FirstName,
                    account.LastName
                ))
                .SingleOrDefaultAsync(ct)
        );
}
