using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Practice.Webhooks.Domain;

namespace Practice.Webhooks.Data;

internal sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> webhook)
    {
        webhook.ToTable("webhooks");
        webhook.HasKey(w => w.Id);
        webhook.Property(w => w.Id).ValueGeneratedNever();
        webhook.Property(w => w.Version).IsRowVersion();
        webhook.Property(w => w.DisabledReason).HasConversion<string>();
        webhook.HasIndex(w => new { w.GroupId, w.Id });
    }
}

internal sealed class WebhookQueueConfiguration : IEntityTypeConfiguration<WebhookQueue>
{
    public void Configure(EntityTypeBuilder<WebhookQueue> queue)
    {
        queue.ToTable("queues");
        queue.HasKey(q => q.WebhookId);
        queue.Property(q => q.WebhookId).ValueGeneratedNever();
    }
}

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.ToTable("deliveries");
        delivery.HasKey(d => d.Id);
        delivery.Property(d => d.Id).ValueGeneratedNever();
        delivery.Property(d => d.Status).HasConversion<string>();
        delivery.Property(d => d.Problem).HasConversion<string>();
        delivery.HasIndex(d => new { d.WebhookId, d.Id });
        delivery
            .HasIndex(d => new
            {
                d.WebhookId,
                d.NextAttemptAt,
                d.Id,
            })
            .HasFilter("status = 'Waiting'")
            .HasDatabaseName("ix_deliveries_waiting");
    }
}
