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

    /// <summary>From now on, what happens in the group is recorded for webhooks.</summary>
    internal Task NoteWebhookAsync(Guid groupId, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"select authority.note_webhook({groupId})", ct);

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
