using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class SignInAttemptQueries
{
    public static string KeyOf(string normalizedEmail) => AuthorizationRequest.Hash(normalizedEmail);

    /// <summary>The email's failure count, locked; null if there is none.</summary>
    public static async Task<SignInAttempts?> LockAttemptsAsync(
        this UsersDbContext db,
        string normalizedEmail,
        CancellationToken ct
    )
    {
        await db.LockAttemptsOfAsync(normalizedEmail, ct);
        var key = KeyOf(normalizedEmail);
        return await db.SignInAttempts.SingleOrDefaultAsync(attempts => attempts.EmailHash == key, ct);
    }

    /// <summary>The person has proved who they are: the count starts again at zero.</summary>
    public static async Task ClearAttemptsAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct)
    {
        var key = KeyOf(normalizedEmail);
        await db.LockAttemptsOfAsync(normalizedEmail, ct);
        await db.SignInAttempts.Where(attempts => attempts.EmailHash == key).ExecuteDeleteAsync(ct);
    }
}
