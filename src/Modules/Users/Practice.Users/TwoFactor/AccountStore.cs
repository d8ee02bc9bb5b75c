using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.TwoFactor;

/// <summary>
/// Identity's store over the module's own DbContext. It saves with the unit of work, and stores recovery codes as
/// hashes, since each of them opens the account.
/// </summary>
internal sealed class AccountStore : UserOnlyStore<Account, UsersDbContext, Guid>
{
    private const string Provider = "[AspNetUserStore]";
    private const string RecoveryCodes = "RecoveryCodes";
    private const string AuthenticatorKey = "AuthenticatorKey";
    private const char Separator = ';';

    public AccountStore(UsersDbContext db)
        : base(db) => AutoSaveChanges = false;

    public override Task ReplaceCodesAsync(
        Account user,
        IEnumerable<string> recoveryCodes,
        CancellationToken cancellationToken
    ) =>
        SetTokenAsync(
            user,
            Provider,
            RecoveryCodes,
            string.Join(Separator, recoveryCodes.Select(code => HashOf(user, code))),
            cancellationToken
        );

    public override async Task<bool> RedeemCodeAsync(Account user, string code, CancellationToken cancellationToken)
    {
        var left = (await GetTokenAsync(user, Provider, RecoveryCodes, cancellationToken) ?? "").Split(
            Separator,
            StringSplitOptions.RemoveEmptyEntries
        );
        var used = HashOf(user, code);
        if (!left.Contains(used))
            return false;

        await SetTokenAsync(
            user,
            Provider,
            RecoveryCodes,
            string.Join(Separator, left.Where(hash => hash != used)),
            cancellationToken
        );
        return true;
    }

    public async Task RemoveAsync(Account user, CancellationToken ct)
    {
        await RemoveTokenAsync(user, Provider, AuthenticatorKey, ct);
        await RemoveTokenAsync(user, Provider, RecoveryCodes, ct);
    }

    /// <summary>Includes the account's id, so that a guess is made against one account only.</summary>
    private static string HashOf(Account user, string code) => AuthorizationRequest.Hash($"{user.Id:n}{code}");
}
