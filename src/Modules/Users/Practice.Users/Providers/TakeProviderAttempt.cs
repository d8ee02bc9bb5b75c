using Microsoft.EntityFrameworkCore;
using Practice.Users.Data;

namespace Practice.Users.Providers;

/// <summary>
/// Uses an attempt up before its answer is checked. Committed on its own, so that a refused answer uses it up too.
/// </summary>
/// <param name="AccountId">The account that it is to connect; null for a sign-in.</param>
public sealed record TakeProviderAttempt(string TokenHash, string Provider, Guid? AccountId)
    : Message,
        ICommand<TakenProviderAttempt>;

/// <param name="IsFor">Whether there was such an attempt, for this provider and account, and in time.</param>
public sealed record TakenProviderAttempt(bool IsFor);

public static class TakeProviderAttemptHandler
{
    public static async Task<ErrorOr<TakenProviderAttempt>> Handle(
        TakeProviderAttempt command,
        UsersDbContext db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var taken = await db
            .ProviderAttempts.FromSql(
                $"delete from users.provider_attempts where token_hash = {command.TokenHash} returning *"
            )
            .AsNoTracking()
            .ToListAsync(ct);
        return new TakenProviderAttempt(
            taken is [var attempt] && attempt.IsFor(command.Provider, command.AccountId, clock.GetUtcNow())
        );
    }
}
