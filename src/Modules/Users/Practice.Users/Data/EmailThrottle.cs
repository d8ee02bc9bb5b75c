using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;
using Practice.Users.Email;

namespace Practice.Users.Data;

/// <summary>Limits how many emails strangers can cause to one address.</summary>
internal static class EmailThrottle
{
    /// <summary>
    /// Counts the email among those of its kind; false if the address has received the
    /// maximum. A repeated delivery is counted once.
    /// </summary>
    public static async Task<bool> TryCountEmailAsync(
        this UsersDbContext db,
        CountRequestedEmail email,
        string normalizedEmail,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await db.LockRequestedEmailsAsync(normalizedEmail, ct);
        await db
            .RequestedEmails.Where(past => past.NormalizedEmail == normalizedEmail)
            .Where(RequestedEmail.IsOver(now))
            .ExecuteDeleteAsync(ct);
        var counted = await db
            .RequestedEmails.Where(past => past.NormalizedEmail == normalizedEmail)
            .Select(past => new
            {
                past.Id,
                past.Kind,
                past.SubjectId,
                past.RequestedFrom,
            })
            .ToListAsync(ct);
        if (counted.Exists(past => past.Id == email.MailId)) // an earlier version may have counted it with all others
            return true;
        // What strangers have requested must not use up the person's own: the first from a place, or from an account
        // that asks for another email, is always sent.
        var ofKind = counted.Where(past => past.Kind == email.Kind).ToList();
        var isFirst =
            email.RequestedFrom is { } from
            && ofKind.Count < RequestedEmail.MaxFromAllPlaces
            && !ofKind.Exists(past => past.RequestedFrom == from);
        if (
            (ofKind.Count >= RequestedEmail.MaxPerWindow && !isFirst && !email.IsFromPractice)
            || (
                email.SubjectId is { } subject
                && ofKind.Count(past => past.SubjectId == subject) >= RequestedEmail.MaxAboutOne(email.Kind)
            )
        )
            return false;

        db.RequestedEmails.Add(RequestedEmail.Of(email, normalizedEmail, now));
        return true;
    }
}
