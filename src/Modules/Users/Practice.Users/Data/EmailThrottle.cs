using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;
using Practice.Users.Email;

namespace Practice.Users.Data;

/// <summary>Limits how many emails strangers can cause to one address.</summary>
internal static class EmailThrottle
{
    /// <summary>
    /// Counts the email among those of its kind; false if the address has received the maximum. A repeated delivery is counted once.
    /// </summary>
    public static async Task<bool> TryCountEmailAsync(
        this UsersDbContext db,
        Guid mailId,
        string normalizedEmail,
        EmailKind? kind,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await db.LockRequestedEmailsAsync(normalizedEmail, ct);
        await db
            .RequestedEmails.Where(past =>
                past.NormalizedEmail == normalizedEmail && past.SentAt <= now - RequestedEmail.Window
            )
            .ExecuteDeleteAsync(ct);
        var counted = await db
            .RequestedEmails.Where(past => past.NormalizedEmail == normalizedEmail)
            .Select(past => new { past.Id, past.Kind })
            .ToListAsync(ct);
        if (counted.Exists(past => past.Id == mailId)) // an earlier version may have counted it with all others
            return true;
        if (counted.Count(past => past.Kind == kind) >= RequestedEmail.MaxPerWindow)
            return false;

        db.RequestedEmails.Add(RequestedEmail.Of(mailId, normalizedEmail, kind, now));
        return true;
    }
}
