using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Passkeys;

/// <summary>Identity's store over the module's own passkeys. It saves with the unit of work.</summary>
internal sealed class PasskeyStore
    : UserOnlyStore<
        Account,
        UsersDbContext,
        Guid,
        IdentityUserClaim<Guid>,
        IdentityUserLogin<Guid>,
        IdentityUserToken<Guid>,
        Passkey
    >
{
    private static readonly string[] Transports = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];

    private readonly DateTimeOffset _now;

    public PasskeyStore(UsersDbContext db, DateTimeOffset now)
        : base(db) => (AutoSaveChanges, _now) = (false, now);

    protected override Passkey CreateUserPasskey(Account user, UserPasskeyInfo passkey) =>
        new()
        {
            Id = Guid.CreateVersion7(_now),
            UserId = user.Id,
            CredentialId = passkey.CredentialId,
            Data = new IdentityPasskeyData
            {
                Name = passkey.Name,
                CreatedAt = _now,
                PublicKey = passkey.PublicKey,
                SignCount = passkey.SignCount,
                // Unsigned text of the client, sent back to browsers as a hint.
                Transports = passkey.Transports?.Intersect(Transports).ToArray(),
                IsUserVerified = passkey.IsUserVerified,
                IsBackupEligible = passkey.IsBackupEligible,
                IsBackedUp = passkey.IsBackedUp,
                AttestationObject = passkey.AttestationObject,
                ClientDataJson = passkey.ClientDataJson,
            },
        };
}
