using Microsoft.EntityFrameworkCore;
using Practice.Webhooks.Data;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Delivery;

/// <summary>Deletes a webhook's old deliveries, again and again while it has any.</summary>
public sealed record CleanUpDeliveries(Guid GroupId, Guid WebhookId) : Message, IInGroup
{
    internal static readonly TimeSpan Every = TimeSpan.FromHours(6);
}

public static class CleanUpDeliveriesHandler
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>Of those that do not wait.</summary>
    private const int MaxKept = 2_000;

    public static async Task Handle(
        CleanUpDeliveries due,
        WebhooksDbContext db,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await db.LockQueueAsync(due.GroupId, due.WebhookId, ct) is not { } queue)
            return;
        var now = clock.GetUtcNow();
        var done = db.Deliveries.Where(delivery =>
            delivery.WebhookId == due.WebhookId && delivery.Status != DeliveryStatus.Waiting
        );
        var newestTooMany = await done.OrderByDescending(delivery => delivery.Id)
            .Select(delivery => delivery.Id)
            .Skip(MaxKept)
            .Take(1)
            .ToListAsync(ct);
        await done.Where(delivery => delivery.CreatedAt < now - KeptFor).ExecuteDeleteAsync(ct);
        if (newestTooMany is [var tooMany])
            await done.Where(delivery => delivery.Id <= tooMany).ExecuteDeleteAsync(ct);

        if (queue.Waiting > 0)
            await messages.SendNowAsync(queue, now); // a message that was lost with a host is made up for
        queue.CleanUpAt = await db.Deliveries.AnyAsync(delivery => delivery.WebhookId == due.WebhookId, ct)
            ? now + CleanUpDeliveries.Every
            : null;
        if (queue.CleanUpAt is not null)
            await messages.ScheduleAsync(due, CleanUpDeliveries.Every);
    }
}
