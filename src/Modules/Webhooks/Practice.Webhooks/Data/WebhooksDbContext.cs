using Microsoft.EntityFrameworkCore;
using Practice.Shared.Persistence;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Data;

public sealed class WebhooksDbContext(DbContextOptions<WebhooksDbContext> options) : ModuleDbContext(options)
{
    public const string SchemaName = "webhooks";

    public override string Schema => SchemaName;

    public DbSet<Webhook> Webhooks => Set<Webhook>();
    public DbSet<WebhookQueue> Queues => Set<WebhookQueue>();
    public DbSet<WebhookDelivery> Deliveries => Set<WebhookDelivery>();

    /// <summary>Makes webhooks of a group one after the other, so that their number can be limited.</summary>
    internal Task LockGroupAsync(Guid groupId, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({groupId.ToString()}, 40))", ct);

    /// <summary>From now on, what happens in the group is recorded for webhooks.</summary>
    internal Task NoteWebhookAsync(Guid groupId, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"select authority.note_webhook({groupId})", ct);

    /// <summary>
    /// The webhook and its queue, locked in this order: the queue, then the webhook. Null if the group has none.
    /// </summary>
    internal async Task<(Webhook Webhook, WebhookQueue Queue)?> LockAsync(
        Guid groupId,
        Guid webhookId,
        CancellationToken ct
    )
    {
        if (await LockQueueAsync(groupId, webhookId, ct) is not { } queue)
            return null;
        var webhook = await Webhooks
            .FromSql(
                $"select *, xmin from webhooks.webhooks where group_id = {groupId} and id = {webhookId} for update"
            )
            .SingleAsync(ct);
        return (webhook, queue);
    }

    internal async Task<WebhookQueue?> LockQueueAsync(Guid groupId, Guid webhookId, CancellationToken ct) =>
        (await LockQueuesAsync(groupId, [webhookId], ct)).SingleOrDefault();

    /// <summary>In one order, so that two events cannot deadlock.</summary>
    internal Task<List<WebhookQueue>> LockQueuesAsync(Guid groupId, Guid[] webhookIds, CancellationToken ct) =>
        Queues
            .FromSql(
                $"""
                select * from webhooks.queues where group_id = {groupId} and webhook_id = any({webhookIds})
                order by webhook_id for update
                """
            )
            .ToListAsync(ct);

    /// <summary>What these people made, unless it is turned off.</summary>
    internal IQueryable<Webhook> SendingWebhooksOf(Guid groupId, IReadOnlyCollection<Guid> makerIds) =>
        Webhooks.Where(webhook =>
            webhook.GroupId == groupId
            && webhook.Enabled
            && webhook.CreatedById != null
            && makerIds.Contains(webhook.CreatedById.Value)
        );

    /// <summary>Those that wait for the webhook, in the order in which they are due.</summary>
    internal IQueryable<WebhookDelivery> WaitingFor(Guid webhookId) =>
        Deliveries
            .Where(delivery => delivery.WebhookId == webhookId && delivery.Status == DeliveryStatus.Waiting)
            .OrderBy(delivery => delivery.NextAttemptAt)
            .ThenBy(delivery => delivery.Id);
}
