using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Passwords;

/// <summary>
/// Counts an attempt at a password or code before it is made; an error if the email is locked out. Committed on its
/// own, since the attempt's own transaction may be rolled back. Sent by <see cref="PasswordGate"/>.
/// </summary>
public sealed record CountSignInAttempt(string NormalizedEmail) : Message, ICommand<Success>;

public static class CountSignInAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        CountSignInAttempt command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var attempts = await db.LockAttemptsAsync(command.NormalizedEmail, ct);
        if (attempts is null)
        {
            attempts = SignInAttempts.Of(SignInAttemptQueries.KeyOf(command.NormalizedEmail));
            db.SignInAttempts.Add(attempts);
        }

        return attempts.Begin(clock.GetUtcNow()) is { } wait ? LockedOut.For(wait) : Result.Success;
    }
}
