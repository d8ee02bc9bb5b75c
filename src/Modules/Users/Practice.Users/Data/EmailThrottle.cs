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
            .RequestedEmails.Where(past => past.NormalizedEmail == normalizedEmail && past.Kind == kind)
            .Select(past => past.Id)
            .ToListAsync(ct);
        if (counted.Contains(mailId))
            return true;
        if (counted.Count >= RequestedEmail.MaxPerWindow)
            return false;

        db.RequestedEmails.Add(RequestedEmail.Of(mailId, normalizedEmail, kind, now));
        return true;
    }
}
