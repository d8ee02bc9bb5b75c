using Microsoft.EntityFrameworkCore;
using Practice.Shared.Persistence;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Data;

/// <summary>Locks until the end of the transaction.</summary>
internal static class Locks
{
    /// <summary>Serializes what is counted in a group: its webhooks, and what it is sending at the moment.</summary>
    public static Task LockCountsAsync(this WebhooksDbContext db, Guid groupId, CancellationToken ct) =>
        db.TakeLockAsync(AdvisoryLocks.Webhooks, groupId.ToString(), ct);

    /// <summary>
    /// The webhook and its queue, locked in this order: the queue, then the webhook. Null if the group has none.
    /// </summary>
    public static async Task<(Webhook Webhook, WebhookQueue Queue)?> LockWebhookAsync(
        this WebhooksDbContext db,
        Guid groupId,
        Guid webhookId,
        CancellationToken ct
    )
    {
        if (await db.LockQueueAsync(groupId, webhookId, ct) is not { } queue)
            return null;
        var webhook = await db
            .Webhooks.FromSql(
                $"select *, xmin from webhooks.webhooks where group_id = {groupId} and id = {webhookId} for update"
            )
            .SingleAsync(ct);
        return (webhook, queue);
    }

    public static async Task<WebhookQueue?> LockQueueAsync(
        this WebhooksDbContext db,
        Guid groupId,
        Guid webhookId,
        CancellationToken ct
    ) => (await db.LockQueuesAsync(groupId, [webhookId], ct)).SingleOrDefault();

    /// <summary>In one order, so that two events cannot deadlock.</summary>
    public static Task<List<WebhookQueue>> LockQueuesAsync(
        this WebhooksDbContext db,
        Guid groupId,
        Guid[] webhookIds,
        CancellationToken ct
    ) =>
        db
            .Queues.FromSql(
                $"""
                select * from webhooks.queues where group_id = {groupId} and webhook_id = any({webhookIds})
                order by webhook_id for update
                """
            )
            .ToListAsync(ct);
}
