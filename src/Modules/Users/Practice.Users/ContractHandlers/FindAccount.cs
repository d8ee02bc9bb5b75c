using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;

namespace Practice.Users.ContractHandlers;

public static class FindAccountHandler
{
    public static async Task<AccountAnswer> Handle(FindAccount query, UsersDbContext db, CancellationToken ct) =>
        new(await db.FindFacts(account => account.Id == query.UserId).SingleOrDefaultAsync(ct));
}

public static class FindAccountsHandler
{
    public static async Task<AccountsAnswer> Handle(FindAccounts query, UsersDbContext db, CancellationToken ct) =>
        new(await db.FindFacts(account => query.UserIds.Contains(account.Id)).ToListAsync(ct));
}
