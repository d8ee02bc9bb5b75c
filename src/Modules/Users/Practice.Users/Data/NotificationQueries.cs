using Microsoft.EntityFrameworkCore;
using Practice.Users.Domain;
using Wolverine;

namespace Practice.Users.Data;

internal static class NotificationQueries
{
    /// <summary>
    /// What the caller may read. Until they have confirmed their email, the practice that made the account may set its
    /// password, and would read what other practices offer.
    /// </summary>
    public static IQueryable<Notification> OwnNotifications(this UsersDbContext db) =>
        db.Notifications.Where(notification =>
            notification.AccountId == UsersDbContext.CurrentUserId()
            && (
                notification.Kind != NotificationKind.Invitation
                || db.Accounts.Any(account => account.Id == notification.AccountId && account.EmailConfirmed)
            )
        );

    /// <summary>
    /// Notifies the person once for each event. The source is the message's id: it is the same for every delivery of
    /// the event, and another one the next time that the same thing happens.
    /// </summary>
    /// <returns>The account to email; null if the person was notified before, or has no account.</returns>
    public static async Task<Account?> NotifyAsync(
        this UsersDbContext db,
        Guid accountId,
        Envelope envelope,
        NotificationContent content,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var source = envelope.Id.ToString();
        if (
            await db.Notifications.AnyAsync(
                notification => notification.AccountId == accountId && notification.Source == source,
                ct
            )
            || await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.Id == accountId, ct)
                is not { } account
        )
            return null;

        db.Notifications.Add(Notification.Of(account.Id, source, content, now));
        return account;
    }

    /// <summary>The person's notification of this invitation; null if there is none yet.</summary>
    public static Task<Notification?> FindInvitationAsync(
        this UsersDbContext db,
        Guid accountId,
        Guid invitationId,
        CancellationToken ct
    )
    {
        var source = Notification.SourceOf(invitationId);
        return db.Notifications.SingleOrDefaultAsync(
            notification => notification.AccountId == accountId && notification.Source == source,
            ct
        );
    }
}
