using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Practice.Users.Domain;

namespace Practice.Users.TwoFactor;

/// <summary>Identity's manager, over one of our stores, with our recovery codes.</summary>
internal sealed class AccountManager(IUserStore<Account> store)
    : UserManager<Account>(
        store,
        Microsoft.Extensions.Options.Options.Create(new IdentityOptions()),
        new PasswordHasher<Account>(),
        [],
        [],
        new UpperInvariantLookupNormalizer(),
        new IdentityErrorDescriber(),
        null!,
        NullLogger<UserManager<Account>>.Instance
    )
{
    protected override string CreateTwoFactorRecoveryCode() => RecoveryCode.New();
}
