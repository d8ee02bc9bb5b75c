using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Users;
using Practice.Users.Data;

namespace Practice.Users.ContractHandlers;

public static class FindAccountByEmailHandler
{
    public static async Task<AccountAnswer> Handle(FindAccountByEmail query, UsersDbContext db, CancellationToken ct)
    {
        var email = EmailAddress.Normalize(query.Email);
        return new(await db.FindFacts(account => account.NormalizedEmail == email).SingleOrDefaultAsync(ct));
    }
}

public static class FindAccountsByEmailHandler
{
    public static async Task<AccountsAnswer> Handle(FindAccountsByEmail query, UsersDbContext db, CancellationToken ct)
    {
        var emails = query.Emails.Select(EmailAddress.Normalize).ToList();
        return new(await db.FindFacts(account => emails.Contains(account.NormalizedEmail!)).ToListAsync(ct));
    }
}
