using Wolverine;

namespace Practice.Webhooks.Delivery;

/// <summary>Sends what is due for one webhook, one after the other.</summary>
public sealed record SendWebhooks(Guid GroupId, Guid WebhookId) : Message, IInGroup;

/// <summary>As <see cref="SendWebhooks"/>, to a receiver that was slow: these wait for each other only.</summary>
public sealed record SendToSlowReceiver(Guid GroupId, Guid WebhookId) : Message, IInGroup;

public static class SendWebhooksHandler
{
    public static Task Handle(
        SendWebhooks due,
        Envelope envelope,
        WebhookClient client,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    ) => WebhookSending.SendAsync(due.GroupId, due.WebhookId, slowly: false, envelope.Id, client, bus, clock, ct);
}

public static class SendToSlowReceiverHandler
{
    public static Task Handle(
        SendToSlowReceiver due,
        Envelope envelope,
        WebhookClient client,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    ) => WebhookSending.SendAsync(due.GroupId, due.WebhookId, slowly: true, envelope.Id, client, bus, clock, ct);
}

/// <summary>
/// Holds no transaction while it sends: what became of an attempt is stored after it, with what is sent next. A host
/// that dies in between has sent a delivery that is sent again, with the same id.
/// </summary>
internal static class WebhookSending
{
    /// <summary>Then others have their turn. With the last attempt it stays below Wolverine's minute.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(20);

    public static async Task SendAsync(
        Guid groupId,
        Guid webhookId,
        bool slowly,
        Guid senderId,
        WebhookClient client,
        IModuleBus bus,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var began = clock.GetTimestamp();
        AttemptResult? last = null;
        while (true)
        {
            var stop = last is not null && (ct.IsCancellationRequested || clock.GetElapsedTime(began) > Turn);
            var next = new TakeNextDelivery(groupId, webhookId, senderId, slowly, last, stop);
            // Also while the host stops: what the receiver said is known now.
            var taken = (await bus.InvokeAsSystemAsync(next, CancellationToken.None)).Value;
            if (taken.DeliveryId is not { } deliveryId)
                return;
            last = await client.SendAsync(deliveryId, taken, ct);
        }
    }
}

/// <summary>
/// All that these do is wait, so a host has many. Receivers that are slow share fewer: however many practices somebody
/// makes, theirs hold up no receiver that answers.
/// </summary>
internal sealed class SendingQueues : IWolverineExtension
{
    private const int AtOnce = 64,
        SlowAtOnce = 16;

    public void Configure(WolverineOptions options)
    {
        options.LocalQueueFor<SendWebhooks>().MaximumParallelMessages(AtOnce);
        options.LocalQueueFor<SendToSlowReceiver>().MaximumParallelMessages(SlowAtOnce);
    }
}
