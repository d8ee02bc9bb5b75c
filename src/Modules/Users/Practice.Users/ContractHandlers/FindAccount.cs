using Practice.Contracts.Users;
using Practice.Users.Data;

namespace Practice.Users.ContractHandlers;

public static class FindAccountHandler
{
    public static Task<AccountAnswer> Handle(FindAccount query, UsersDbContext db, CancellationToken ct) =>
        db.FindFactsAsync(account => account.Id == query.UserId, ct);
}
