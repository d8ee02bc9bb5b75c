using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;

namespace Practice.Users.Data;

internal static class Attempts
{
    public static string KeyOf(string normalizedEmail) => AuthorizationRequest.Hash(normalizedEmail);

    /// <summary>The failures counted for the email, for us alone; null where there are none.</summary>
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

    /// <summary>The person has shown who they are: nothing stays counted.</summary>
    public static async Task ForgetAttemptsAsync(this UsersDbContext db, string normalizedEmail, CancellationToken ct)
    {
        var key = KeyOf(normalizedEmail);
        await db.LockAttemptsOfAsync(normalizedEmail, ct);
        await db.SignInAttempts.Where(attempts => attempts.EmailHash == key).ExecuteDeleteAsync(ct);
    }
}
