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

    /// <returns>The account to email; null if the person was notified before, or has no account.</returns>
    /// <inheritdoc cref="NotifyAllAsync"/>
    public static async Task<Account?> NotifyAsync(
        this UsersDbContext db,
        Guid accountId,
        Envelope envelope,
        NotificationContent content,
        DateTimeOffset now,
        CancellationToken ct
    ) => (await db.NotifyAllAsync([accountId], envelope, () => content, now, ct)).SingleOrDefault();

    /// <summary>
    /// Notifies each person once for each event. The source is the message's id: it is the same for every delivery of
    /// the event, and another one the next time that the same thing happens.
    /// </summary>
    /// <param name="content">Makes what one of them reads; its data belongs to one notification.</param>
    /// <returns>The accounts to email: without people who were notified before, or have no account.</returns>
    public static async Task<IReadOnlyList<Account>> NotifyAllAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        Envelope envelope,
        Func<NotificationContent> content,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var source = envelope.Id.ToString();
        var accounts = await db
            .Accounts.AsNoTracking()
            .Where(account =>
                accountIds.Contains(account.Id)
                && !db.Notifications.Any(notification =>
                    notification.AccountId == account.Id && notification.Source == source
                )
            )
            .ToListAsync(ct);
        db.Notifications.AddRange(accounts.Select(account => Notification.Of(account.Id, source, content(), now)));
        return accounts;
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
