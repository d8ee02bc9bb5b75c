using Microsoft.EntityFrameworkCore;
using Practice.Contracts.Groups;
using Practice.Contracts.Webhooks;
using Practice.Webhooks.Data;
using Wolverine;

namespace Practice.Webhooks.EventHandlers;

/// <summary>Turns off what a former member made. Owners are told, and can turn it on again.</summary>
public static class DisableOnWebhooksOfMemberEndedHandler
{
    public static async Task Handle(
        WebhooksOfMemberEnded happened,
        WebhooksDbContext db,
        UnitOfWork work,
        IMessageContext messages,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var sending = db.SendingWebhooksOf(happened.GroupId, [happened.UserId]).Select(webhook => webhook.Id);
        var queues = await db.LockQueuesAsync(happened.GroupId, await sending.ToArrayAsync(ct), ct);
        var now = clock.GetUtcNow();
        foreach (var queue in queues)
            if (await sending.ContainsAsync(queue.WebhookId, ct)) // not turned off while this waited for the lock
                await db.TurnOffAsync(queue, WebhookStop.MakerLeft, messages, work, now, ct);
    }
}
