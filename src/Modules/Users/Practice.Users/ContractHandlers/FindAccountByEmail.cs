using Practice.Contracts.Users;
using Practice.Users.Data;

namespace Practice.Users.ContractHandlers;

public static class FindAccountByEmailHandler
{
    public static Task<AccountAnswer> Handle(FindAccountByEmail query, UsersDbContext db, CancellationToken ct)
    {
        var email = EmailAddress.Normalize(query.Email);
        return db.FindFactsAsync(account => account.NormalizedEmail == email, ct);
    }
}
