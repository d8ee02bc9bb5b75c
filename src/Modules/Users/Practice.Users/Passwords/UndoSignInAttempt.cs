using Practice.Users.Data;

namespace Practice.Users.Passwords;

/// <summary>Undoes the count of an attempt that did not fail. Sent by <see cref="PasswordGate"/>.</summary>
public sealed record UndoSignInAttempt(string NormalizedEmail) : Message, ICommand<Success>;

public static class UndoSignInAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        UndoSignInAttempt command,
        UsersDbContext db,
        CancellationToken ct
    )
    {
        (await db.LockAttemptsAsync(command.NormalizedEmail, ct))?.Undo();
        return Result.Success;
    }
}
