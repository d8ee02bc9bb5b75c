using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;
using Practice.Users.Domain;

namespace Practice.Users.Passkeys;

/// <summary>
/// Uses an attempt up before its answer is checked. Committed on its own, so that a refused answer uses it up too.
/// </summary>
/// <param name="AccountId">The signed-in person; null for a sign-in.</param>
/// <param name="SessionId">Their session; null for a sign-in.</param>
public sealed record TakePasskeyAttempt(Guid AttemptId, PasskeyPurpose Purpose, Guid? AccountId, Guid? SessionId)
    : Message,
        ICommand<TakenPasskeyAttempt>;

/// <param name="State">Null if there is no such attempt, it has expired, or is for something or someone else.</param>
public sealed record TakenPasskeyAttempt(string? State);

public static class TakePasskeyAttemptHandler
{
    public static async Task<ErrorOr<TakenPasskeyAttempt>> Handle(
        TakePasskeyAttempt command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var taken = await db
            .PasskeyAttempts.FromSql($"delete from users.passkey_attempts where id = {command.AttemptId} returning *")
            .AsNoTracking()
            .ToListAsync(ct);
        return new TakenPasskeyAttempt(
            taken is [var attempt]
            && attempt.IsFor(command.Purpose, command.AccountId, command.SessionId, clock.GetUtcNow())
                ? attempt.State
                : null
        );
    }
}

internal static class OwnPasskeyAttempts
{
    /// <summary>Uses an attempt of the signed-in person up.</summary>
    public static async Task<ErrorOr<TakenPasskeyAttempt>> TakeOwnAttemptAsync(
        this IModuleBus bus,
        UsersDbContext db,
        Guid attemptId,
        PasskeyPurpose purpose,
        CancellationToken ct
    )
    {
        var me = await db
            .Accounts.Where(account => account.Id == UsersDbContext.CurrentUserId())
            .Select(account => account.Id)
            .SingleAsync(ct);
        return await bus.InvokeAsSystemAsync(
            new TakePasskeyAttempt(attemptId, purpose, me, db.Call.Caller.SessionId),
            ct
        );
    }
}
