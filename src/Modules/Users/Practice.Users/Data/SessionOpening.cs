using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;
using Practice.Users.Email;
using Practice.Users.TwoFactor;
using Wolverine;

namespace Practice.Users.Data;

/// <param name="Verified">Whether the person has just proved here who they are, and not only to the provider.</param>
/// <param name="Counted">Whether the sign-in was counted as an attempt at a password or code before.</param>
internal sealed record ProviderProof(Guid LinkId, string Issuer, bool Verified, bool Counted);

/// <summary>What every way of signing in does, once the person has proved who they are.</summary>
internal static class SessionOpening
{
    /// <summary>
    /// Opens a session and tells the person by email if the device or the place is new. The caller has locked the
    /// account.
    /// </summary>
    /// <param name="device">The client, as it names itself.</param>
    /// <param name="address">Where the person is: known from then on.</param>
    /// <param name="passkeyId">The passkey in place of the password.</param>
    /// <param name="provider">The sign-in at an identity provider, in place of the password.</param>
    public static async Task<SignedIn> OpenSessionAsync(
        this UsersDbContext db,
        Account account,
        string? device,
        string address,
        bool secondFactorShown,
        Guid? passkeyId,
        UnitOfWork work,
        IMessageContext messages,
        DateTimeOffset now,
        ProviderProof? provider,
        CancellationToken ct
    )
    {
        if (secondFactorShown) // it is not lost
            work.KeepTwoFactor(account);

        await db.Sessions.Where(past => past.AccountId == account.Id && past.ExpiresAt < now).ExecuteDeleteAsync(ct);
        var counted = provider?.Counted ?? passkeyId is null;
        var knownPlace = await db.SucceedAsync(account.NormalizedEmail!, address, now, counted, ct);
        var name = DeviceName.Of(device);
        if (await db.RememberDeviceAsync(account.Id, name, now, ct) is { } knownDevice && !(knownDevice && knownPlace))
            await messages.WarnOwnerAsync(account, EmailKind.NewSignIn, new SignInEmailDetails(name, address, now));

        account.SignIn(now);
        var session = Session.Open(Guid.CreateVersion7(now), account.Id, device, secondFactorShown, now);
        if (provider is not null)
            session.BeginWith(provider.LinkId, provider.Issuer);
        if (provider is { Verified: false })
            session.NotVerified(now);
        db.Sessions.Add(session);
        var details = new
        {
            SessionId = session.Id,
            account.TwoFactorEnabled,
            PasskeyId = passkeyId,
            ProviderLinkId = provider?.LinkId,
        };
        work.Audit(UserAudit.SessionOpened, account.Id, null, details, by: account.Id);
        var signedIn = await db.IssueTokensAsync(session, account, now, ct);
        if (provider is { Verified: false })
            await db.BeginUnprovenAsync(session, ct);
        return signedIn;
    }

    /// <returns>
    /// Whether the device was known. Null for the first one of all: there is nothing to compare it with.
    /// </returns>
    private static async Task<bool?> RememberDeviceAsync(
        this UsersDbContext db,
        Guid accountId,
        string name,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var devices = await db.KnownDevices.Where(device => device.AccountId == accountId).ToListAsync(ct);
        if (devices.Find(device => device.Name == name) is { } seen)
        {
            var known = seen.IsKnown(now);
            seen.Used(now);
            return known;
        }

        db.KnownDevices.Add(KnownDevice.Of(accountId, name, now));
        return devices.Count == 0 ? null : false;
    }
}
