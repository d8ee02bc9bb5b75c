using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Practice.Shared.Persistence;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.TwoFactor;

/// <summary>
/// Authenticator codes and recovery codes, checked by ASP.NET Core Identity. It works on the DbContext of the unit of
/// work with the account locked: if two requests send the same code, it works for one of them.
/// </summary>
internal sealed class SecondFactor : IDisposable
{
    private const string Issuer = "Practice";
    private const int RecoveryCodes = 10;
    private const int AppCodeLength = 6;

    /// <summary>Longer than Identity accepts a code, which is two steps of 30 seconds to either side.</summary>
    internal static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(5);

    private readonly UsersDbContext _db;
    private readonly UserManager<Account> _manager;

    public SecondFactor(UsersDbContext db, EncryptionKeys keys)
    {
        _db = db;
        _manager = new AccountManager(new AccountStore(db, keys));
        _manager.RegisterTokenProvider(
            TokenOptions.DefaultAuthenticatorProvider,
            new AuthenticatorTokenProvider<Account>()
        );
    }

    /// <summary>A new key for the app, replacing any earlier one, and the URI for its camera.</summary>
    public async Task<(string Key, string Uri)> NewKeyAsync(Account account)
    {
        await _manager.ResetAuthenticatorKeyAsync(account);
        var key = (await _manager.GetAuthenticatorKeyAsync(account))!;
        var label = Uri.EscapeDataString($"{Issuer}:{account.Email}");
        return (key, $"otpauth://totp/{label}?secret={key}&issuer={Issuer}&digits=6");
    }

    public async Task<bool> HasKeyAsync(Account account) =>
        await _manager.GetAuthenticatorKeyAsync(account) is not null;

    /// <summary>Turns it on. Returns the only copies of the recovery codes.</summary>
    public async Task<IReadOnlyList<string>> EnableAsync(Account account)
    {
        await _manager.SetTwoFactorEnabledAsync(account, true);
        return [.. (await _manager.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodes))!];
    }

    public static async Task DisableAsync(UsersDbContext db, Account account, CancellationToken ct)
    {
        account.TwoFactorEnabled = false;
        account.KeepTwoFactor();
        await AccountStore.RemoveAsync(db, account, ct);
        await db.SecondFactorRemovedAsync(account.Id, ct);
    }

    /// <summary>Uses an authenticator code or a recovery code; false if it is wrong or was used before.</summary>
    public async Task<bool> UseCodeAsync(Account account, string code, DateTimeOffset now, CancellationToken ct)
    {
        return await UseAppCodeAsync(account, code, now, ct)
            || (await _manager.RedeemTwoFactorRecoveryCodeAsync(account, RecoveryCode.Written(code))).Succeeded;
    }

    /// <summary>Uses an authenticator code only: it shows that the app has the key.</summary>
    public async Task<bool> UseAppCodeAsync(Account account, string code, DateTimeOffset now, CancellationToken ct)
    {
        var typed = string.Concat(code.Where(character => !char.IsWhiteSpace(character)));
        // Identity parses a number: "+608204" and "0608204" would pass as codes that were not used before.
        if (
            typed.Length != AppCodeLength
            || !typed.All(char.IsAsciiDigit)
            || !await _manager.VerifyTwoFactorTokenAsync(account, TokenOptions.DefaultAuthenticatorProvider, typed)
        )
            return false;

        await _db
            .UsedCodes.Where(used => used.AccountId == account.Id && used.UsedAt < now - CodeLifetime)
            .ExecuteDeleteAsync(ct);
        if (await _db.UsedCodes.AnyAsync(used => used.AccountId == account.Id && used.Code == typed, ct))
            return false;

        _db.UsedCodes.Add(
            new UsedCode
            {
                AccountId = account.Id,
                Code = typed,
                UsedAt = now,
            }
        );
        return true;
    }

    public void Dispose() => _manager.Dispose();
}
