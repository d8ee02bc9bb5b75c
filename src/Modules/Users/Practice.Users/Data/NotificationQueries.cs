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

    /// <summary>
    /// Notifies each person once about one thing, however often its event comes. Where it was over before it was told,
    /// the notification only gets its text: each event has its own queue.
    /// </summary>
    /// <param name="source">The thing.</param>
    /// <returns>The accounts that were notified now.</returns>
    public static async Task<IReadOnlyList<Account>> NotifyOnceAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        string source,
        Func<NotificationContent> content,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await db.LockNotificationsAsync(source, ct);
        var known = await db.FindNotificationsAsync(accountIds, source, ct);
        foreach (var early in known)
            early.Describe(content());
        var accounts = await db.FindOthersAsync(accountIds, known, ct);
        db.Notifications.AddRange(accounts.Select(account => Notification.Of(account.Id, source, content(), now)));
        return accounts;
    }

    /// <summary>
    /// What these people were, or are about to be, notified of is over: nobody has to look at it any more.
    /// </summary>
    /// <param name="early">What stands for it until its own event comes.</param>
    public static async Task CloseNotificationsAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        string source,
        Func<NotificationContent> early,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await db.LockNotificationsAsync(source, ct);
        var known = await db.FindNotificationsAsync(accountIds, source, ct);
        List<Notification> missing =
        [
            .. (await db.FindOthersAsync(accountIds, known, ct)).Select(account =>
                Notification.Of(account.Id, source, early(), now)
            ),
        ];
        db.Notifications.AddRange(missing);
        foreach (var notification in known.Concat(missing))
            notification.Close(now);
    }

    /// <summary>
    /// As <see cref="NotifyOnceAsync"/>, of what one patient of a practice may do again and again: who has not read of
    /// it yet gets the newest in place of the one before.
    /// </summary>
    /// <param name="content">By how often it happened since it was read.</param>
    public static async Task NotifyAgainAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        string source,
        (Guid GroupId, Guid PatientId, NotificationKind Kind) about,
        Func<int, NotificationContent> content,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var (groupId, patientId, kind) = about;
        await db.LockNotificationsAsync($"{kind}:{groupId}:{patientId}", ct);
        var unread = await db
            .Notifications.Where(notification =>
                accountIds.Contains(notification.AccountId)
                && notification.ReadAt == null
                && notification.Kind == kind
                && notification.Data.GroupId == groupId
                && notification.Data.PatientId == patientId
                && notification.Data.Times != null
                && notification.Source != source
            )
            .ToListAsync(ct);
        var before = unread.ToLookup(notification => notification.AccountId);
        foreach (
            var account in await db.FindOthersAsync(
                accountIds,
                await db.FindNotificationsAsync(accountIds, source, ct),
                ct
            )
        )
        {
            db.Notifications.RemoveRange(before[account.Id]);
            var times = 1 + before[account.Id].Sum(earlier => earlier.Data.Times ?? 1);
            db.Notifications.Add(Notification.Of(account.Id, source, content(times), now));
        }
    }

    private static Task<List<Notification>> FindNotificationsAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        string source,
        CancellationToken ct
    ) =>
        db
            .Notifications.Where(notification =>
                accountIds.Contains(notification.AccountId) && notification.Source == source
            )
            .ToListAsync(ct);

    /// <summary>Those of these accounts that have none of the notifications.</summary>
    private static async Task<List<Account>> FindOthersAsync(
        this UsersDbContext db,
        IReadOnlyList<Guid> accountIds,
        IReadOnlyList<Notification> known,
        CancellationToken ct
    )
    {
        var others = accountIds.Except(known.Select(notification => notification.AccountId)).ToList();
        return others.Count == 0
            ? []
            : await db.Accounts.AsNoTracking().Where(account => others.Contains(account.Id)).ToListAsync(ct);
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
