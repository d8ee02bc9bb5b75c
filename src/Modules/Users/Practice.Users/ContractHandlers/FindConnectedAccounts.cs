using Practice.Contracts.Users;
using Practice.Users.Data;

namespace Practice.Users.ContractHandlers;

public static class FindConnectedAccountsHandler
{
    public static async Task<ConnectedAccountsAnswer> Handle(
        FindConnectedAccounts query,
        UsersDbContext db,
        CancellationToken ct
    ) => new(await db.FindConnectedAsync(query.UserIds, query.Issuer, ct));
}
