using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Webhooks;
using Practice.Webhooks.Delivery;
using Practice.Webhooks.Domain;
using Wolverine;

namespace Practice.Webhooks.Data;

/// <summary>Stores what is to be sent, in the transaction of the event's own mark: once, and not lost.</summary>
internal static class DeliveryRecording
{
    /// <summary>Deliveries of events that name many people stay well below the 20 kB that receivers expect.</summary>
    public const int MaxIds = 200;

    private static readonly Guid Example = new("0197c2a4-7c3e-7d1b-9a54-3f6f0e2b8c11");
    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);

    /// <summary>Records what happened to people: several events where they are many.</summary>
    public static async Task RecordPeopleAsync(
        this WebhooksDbContext db,
        IMessageContext messages,
        UnitOfWork work,
        Guid groupId,
        string name,
        IReadOnlyList<Guid> userIds,
        CancellationToken ct
    )
    {
        foreach (var some in userIds.Chunk(MaxIds))
            await db.RecordAsync(messages, work, groupId, name, new() { ["userIds"] = some }, ct);
    }

    /// <param name="data">Ids and codes.</param>
    public static async Task RecordAsync(
        this WebhooksDbContext db,
        IMessageContext messages,
        UnitOfWork work,
        Guid groupId,
        string name,
        Dictionary<string, object?> data,
        CancellationToken ct
    )
    {
        var subscribed = db
            .Webhooks.AsNoTracking()
            .Where(webhook => webhook.GroupId == groupId && webhook.Enabled && webhook.Events.Contains(name));
        var ids = await subscribed.Select(webhook => webhook.Id).ToArrayAsync(ct);
        if (ids.Length == 0)
            return;

        var payload = PayloadOf(name, messages.Envelope!.SentAt, groupId, data);
        var queues = await db.LockQueuesAsync(groupId, ids, ct);
        var now = work.Now;
        var webhooks = await subscribed.ToListAsync(ct); // an owner may have turned one off meanwhile
        foreach (var queue in queues)
        {
            if (webhooks.Find(one => one.Id == queue.WebhookId) is not { } webhook)
                continue;
            if (queue.Waiting >= WebhookQueue.MaxWaiting)
            {
                await db.TurnOffAsync(queue, WebhookStop.Backlog, messages, work, now, ct);
                continue;
            }

            await db.AddAsync(webhook, queue, WebhookDelivery.Of(webhook, name, payload, now), messages, now);
        }
    }

    public static string PayloadOf(string name, DateTimeOffset at, Guid groupId, Dictionary<string, object?> data) =>
        JsonSerializer.Serialize(
            new
            {
                type = name,
                timestamp = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()).UtcDateTime,
                data = new Dictionary<string, object?>(data.Prepend(new("groupId", groupId))),
            }
        );

    /// <summary>For people who write a receiver.</summary>
    public static string ExampleOf(WebhookEvent one)
    {
        var data = one.Fields.ToDictionary(
            field => field,
            field =>
                (object?)(
                    field == "left" ? false
                    : field == "userIds" ? new[] { Example }
                    : Example
                )
        );
        return PayloadOf(one.Name, ExampleTime, Example, data);
    }

    /// <summary>The caller holds the queue's lock.</summary>
    public static async Task AddAsync(
        this WebhooksDbContext db,
        Webhook webhook,
        WebhookQueue queue,
        WebhookDelivery delivery,
        IMessageContext messages,
        DateTimeOffset now
    )
    {
        db.Deliveries.Add(delivery);
        queue.Waiting++;
        await messages.SendNowAsync(queue, now);
        if (queue.CleanUpAt is null || queue.CleanUpAt < now - CleanUpDeliveries.Every)
        {
            queue.CleanUpAt = now + CleanUpDeliveries.Every;
            await messages.ScheduleAsync(new CleanUpDeliveries(webhook.GroupId, webhook.Id), CleanUpDeliveries.Every);
        }
    }

    /// <summary>A sender looks once more before it stops: it waits for the lock that the caller holds.</summary>
    public static async Task SendNowAsync(this IMessageContext messages, WebhookQueue queue, DateTimeOffset now)
    {
        if (!(queue.LeasedUntil > now))
            await messages.SendAtAsync(queue, now, now);
    }

    /// <summary>Sends what is due then, or when the queue is no longer paused.</summary>
    public static async Task SendAtAsync(
        this IMessageContext messages,
        WebhookQueue queue,
        DateTimeOffset due,
        DateTimeOffset now
    )
    {
        Message send = queue.IsSlow
            ? new SendToSlowReceiver(queue.GroupId, queue.WebhookId)
            : new SendWebhooks(queue.GroupId, queue.WebhookId);
        if (due <= now && !queue.IsPaused(now))
            await messages.PublishAsync(send);
        else if (queue.WakeFor(due, now) is { } at)
            await messages.ScheduleAsync(send, at - now);
    }

    /// <summary>What waits is not sent, and the owners are told. The caller holds the queue's lock.</summary>
    public static async Task TurnOffAsync(
        this WebhooksDbContext db,
        WebhookQueue queue,
        WebhookStop why,
        IMessageContext messages,
        UnitOfWork work,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var webhook = await db.Webhooks.SingleAsync(one => one.Id == queue.WebhookId, ct);
        webhook.Disable(
            why switch
            {
                WebhookStop.Failing => DisabledReason.Failing,
                WebhookStop.Gone => DisabledReason.Gone,
                WebhookStop.Backlog => DisabledReason.Backlog,
                WebhookStop.MakerLeft => DisabledReason.MakerLeft,
                _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
            },
            now
        );
        await db.DropWaitingAsync(queue, ct);
        work.Audit(WebhookAudit.Disabled, webhook.Id, webhook.GroupId, new { webhook.DisabledReason });
        await messages.PublishAsync(
            new WebhookDisabled(webhook.GroupId, webhook.Id, WebhookUrl.HostOf(webhook.Url), why)
        );
    }

    /// <summary>
    /// What was wrong with the receiver may be corrected: what waits is tried now, and for as long as new deliveries.
    /// The caller holds the queue's lock.
    /// </summary>
    public static async Task StartAfreshAsync(
        this WebhooksDbContext db,
        WebhookQueue queue,
        IMessageContext messages,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        queue.StartAfresh();
        if (queue.Waiting == 0)
            return;
        await db
            .Deliveries.Where(delivery =>
                delivery.WebhookId == queue.WebhookId && delivery.Status == DeliveryStatus.Waiting
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(delivery => delivery.NextAttemptAt, now)
                        .SetProperty(delivery => delivery.TriedSince, now)
                        .SetProperty(delivery => delivery.Attempts, 0),
                ct
            );
        await messages.SendNowAsync(queue, now);
    }

    /// <summary>What waits fails, and can be replayed later.</summary>
    public static async Task DropWaitingAsync(this WebhooksDbContext db, WebhookQueue queue, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct); // the statement below passes over what is not saved
        await db
            .Deliveries.Where(delivery =>
                delivery.WebhookId == queue.WebhookId && delivery.Status == DeliveryStatus.Waiting
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(delivery => delivery.Status, DeliveryStatus.Failed)
                        .SetProperty(delivery => delivery.NextAttemptAt, (DateTimeOffset?)null)
                        // What was just answered keeps what was wrong with it.
                        .SetProperty(
                            delivery => delivery.Problem,
                            delivery => delivery.Problem ?? DeliveryProblem.Disabled
                        ),
                ct
            );
        queue.Clear();
    }
}
