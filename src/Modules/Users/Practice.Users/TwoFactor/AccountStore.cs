using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.TwoFactor;

/// <summary>
/// Identity's store over the module's own DbContext. It saves with the unit of work, stores recovery codes as hashes,
/// since each of them opens the account, and encrypts the authenticator's key, from which every code can be computed.
/// </summary>
internal sealed class AccountStore : UserOnlyStore<Account, UsersDbContext, Guid>
{
    private const string Provider = "[AspNetUserStore]";
    private const string RecoveryCodes = "RecoveryCodes";
    private const string AuthenticatorKey = "AuthenticatorKey";
    private const char Separator = ';';

    private readonly EncryptionKeys _keys;

    public AccountStore(UsersDbContext db, EncryptionKeys keys)
        : base(db) => (_keys, AutoSaveChanges) = (keys, false);

    public override Task SetAuthenticatorKeyAsync(Account user, string key, CancellationToken cancellationToken) =>
        base.SetAuthenticatorKeyAsync(user, _keys.Encrypt(ContextOf(user.Id), key), cancellationToken);

    public override async Task<string?> GetAuthenticatorKeyAsync(Account user, CancellationToken cancellationToken) =>
        await base.GetAuthenticatorKeyAsync(user, cancellationToken) is { } stored
            ? await _keys.DecryptAsync(ContextOf(user.Id), stored, cancellationToken)
            : null;

    /// <summary>Encrypts the authenticator keys that an earlier release stored in the clear.</summary>
    public static async Task EncryptKeysAsync(UsersDbContext db, EncryptionKeys keys, CancellationToken ct)
    {
        var stored = db.Set<IdentityUserToken<Guid>>()
            .Where(token => token.LoginProvider == Provider && token.Name == AuthenticatorKey);
        var clear = await stored
            .Where(token => token.Value != null && !token.Value.StartsWith(EncryptionKeys.Prefix))
            .Select(token => new { token.UserId, token.Value })
            .ToListAsync(ct);
        foreach (var key in clear)
        {
            var value = keys.Encrypt(ContextOf(key.UserId), key.Value!);
            // Not where the person has taken another key meanwhile.
            await stored
                .Where(token => token.UserId == key.UserId && token.Value == key.Value)
                .ExecuteUpdateAsync(set => set.SetProperty(token => token.Value, value), ct);
        }
    }

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

    /// <summary>Removes the authenticator's key and the recovery codes.</summary>
    public static async Task RemoveAsync(UsersDbContext db, Account user, CancellationToken ct)
    {
        var tokens = db.Set<IdentityUserToken<Guid>>();
        tokens.RemoveRange(
            await tokens.Where(token => token.UserId == user.Id && token.LoginProvider == Provider).ToListAsync(ct)
        );
    }

    private static string ContextOf(Guid userId) => $"authenticator-key/{userId:n}";

    /// <summary>Includes the account's id, so that a guess is made against one account only.</summary>
    private static string HashOf(Account user, string code) => AuthorizationRequest.Hash($"{user.Id:n}{code}");
}
