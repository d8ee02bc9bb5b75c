using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class SignInAttemptQueries
{
    public static string KeyOf(string normalizedEmail) => AuthorizationRequest.Hash(normalizedEmail);

    /// <summary>The failure counts of the email: from this address, and from all. Both are locked.</summary>
    public static async Task<(SignInAttempts Here, SignInAttempts Everywhere)> LockAttemptsAsync(
        this UsersDbContext db,
        string normalizedEmail,
        string address,
        CancellationToken ct
    )
    {
        await db.LockAttemptsOfAsync(normalizedEmail, ct);
        var (email, from) = (KeyOf(normalizedEmail), KeyOf($"{normalizedEmail} {address}"));
        var counts = await db
            .SignInAttempts.Where(attempts =>
                attempts.EmailHash == email
                && (attempts.AddressHash == from || attempts.AddressHash == SignInAttempts.Everywhere)
            )
            .ToListAsync(ct);
        return (CountOf(from), CountOf(SignInAttempts.Everywhere));

        SignInAttempts CountOf(string addressHash)
        {
            if (counts.Find(count => count.AddressHash == addressHash) is { } known)
                return known;
            var first = SignInAttempts.Of(email, addressHash);
            db.SignInAttempts.Add(first);
            return first;
        }
    }

    /// <summary>
    /// The person has signed in: the count of this address starts again at zero, and it is known from now on. What
    /// strangers have guessed from elsewhere still counts.
    /// </summary>
    /// <param name="counted">
    /// Whether this sign-in was counted as an attempt before, as those with a password are.
    /// </param>
    /// <returns>Whether the address was known before.</returns>
    public static async Task<bool> SucceedAsync(
        this UsersDbContext db,
        string normalizedEmail,
        string address,
        DateTimeOffset now,
        bool counted,
        CancellationToken ct
    )
    {
        var (here, everywhere) = await db.LockAttemptsAsync(normalizedEmail, address, ct);
        var known = here.IsKnown(now);
        if (counted && !known)
        {
            everywhere.Undo();
            await db.UndoFromAddressAsync(AddressAct.GuessPassword, address, ct);
        }

        here.Succeed(now);
        return known;
    }

    /// <summary>
    /// The person has a new password: only the device and the place where they are now stay known. Nobody
    /// has guessed at it yet, so all counts start again at zero; but not with two-factor authentication,
    /// where that would give new guesses at the code.
    /// </summary>
    public static async Task ForgetOtherPlacesAsync(
        this UsersDbContext db,
        Account account,
        string? device,
        string address,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (here, _) = await db.LockAttemptsAsync(account.NormalizedEmail!, address, ct);
        var key = KeyOf(account.NormalizedEmail!);
        var others = db.SignInAttempts.Where(known => known.EmailHash == key && known.AddressHash != here.AddressHash);
        await others.ExecuteUpdateAsync(set => set.SetProperty(a => a.SucceededAt, (DateTimeOffset?)null), ct);
        if (!account.TwoFactorEnabled)
        {
            here.Succeed(now);
            await others.ExecuteUpdateAsync(
                set => set.SetProperty(a => a.Failures, 0).SetProperty(a => a.BlockedUntil, (DateTimeOffset?)null),
                ct
            );
        }

        await db.KnownDevices.Where(known => known.AccountId == account.Id).ExecuteDeleteAsync(ct);
        db.KnownDevices.Add(KnownDevice.Of(account.Id, DeviceName.Of(device), now));
    }
}
