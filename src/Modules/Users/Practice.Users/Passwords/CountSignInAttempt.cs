using Practice.Shared.Limits;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Passwords;

/// <summary>
/// Counts an attempt at a password or code before it is made; an error if the email is locked out. Committed on its
/// own, since the attempt's own transaction may be rolled back. Sent by <see cref="PasswordGate"/>.
/// </summary>
/// <param name="Address">Where the attempt comes from.</param>
public sealed record CountSignInAttempt(string NormalizedEmail, string Address) : Message, ICommand<Success>;

public static class CountSignInAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CountSignInAttempt command,
        UsersDbContext db,
        PeopleLimit limits,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var (here, everywhere) = await db.LockAttemptsAsync(command.NormalizedEmail, command.Address, ct);
        var counts = here.IsKnown(now) ? [here] : new[] { here, everywhere };
        if (counts.Select(count => count.WaitAt(now)).Max() is { } lockedOut)
            return Refuse(UsersMetrics.ByAccount, lockedOut);
        foreach (var count in counts)
            count.Begin(now);

        // One password tried on many accounts is a guess at each of them.
        if (!here.IsKnown(now) && !limits.AreOff)
        {
            if (await db.CountFromAddressAsync(AddressAct.GuessPassword, command.Address, now, ct) is { } wait)
                return Refuse(UsersMetrics.ByAddress, wait);
        }

        return Result.Success;
    }

    private static Error Refuse(string by, TimeSpan wait)
    {
        UsersMetrics.CountLockOut(by);
        return LockedOut.For(wait);
    }
}
