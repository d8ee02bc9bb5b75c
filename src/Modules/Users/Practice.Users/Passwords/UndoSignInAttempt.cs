using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Passwords;

/// <summary>Undoes the count of an attempt that did not fail. Sent by <see cref="PasswordGate"/>.</summary>
public sealed record UndoSignInAttempt(string NormalizedEmail, string Address) : Message, ICommand<Success>;

public static class UndoSignInAttemptHandler
{
    public static async Task<ErrorOr<Success>> Handle(
        UndoSignInAttempt command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var (here, everywhere) = await db.LockAttemptsAsync(command.NormalizedEmail, command.Address, ct);
        here.Undo();
        if (!here.IsKnown(clock.GetUtcNow())) // else it was not counted there
        {
            everywhere.Undo();
            await db.UndoFromAddressAsync(AddressAct.GuessPassword, command.Address, ct);
        }

        return Result.Success;
    }
}
